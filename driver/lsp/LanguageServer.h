// The language server: Heddle's findings in an editor, while code is being written.
#ifndef HEDDLE_DRIVER_LSP_LANGUAGESERVER_H
#define HEDDLE_DRIVER_LSP_LANGUAGESERVER_H

#include "driver/catalogue/Catalogue.h"

#include <string>

namespace heddle {

/// How the process was started.
struct LanguageServerOptions {
  std::string Version;
  bool Verbose = false; ///< Logs every message's name on stderr.
};

/// Serves the client on stdin and stdout until it says goodbye or is gone. Returns the process's
/// exit code.
int runLanguageServer(const LanguageServerOptions &Options, Catalogue Rules);

} // namespace heddle

#endif
