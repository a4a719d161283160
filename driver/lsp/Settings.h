// What the user has set, in initializationOptions or in the editor's settings under "heddle".
#ifndef HEDDLE_DRIVER_LSP_SETTINGS_H
#define HEDDLE_DRIVER_LSP_SETTINGS_H

#include "checks/Finding.h"

#include "llvm/Support/JSON.h"

#include <string>
#include <vector>

namespace heddle::lsp {

/// Named as in the editor, where nothing else is said. docs/integrations/language-server.md
/// describes each.
struct Settings {
  std::string Checks;                            ///< "checks": globs, as for --checks.
  Confidence Minimum = Confidence::Likely;       ///< "minConfidence"
  std::vector<std::string> Vocabulary;           ///< "vocabulary": files.
  std::string DatabasePath;                      ///< "compilationDatabasePath"
  std::vector<std::string> ExtraArguments;       ///< "extraArgs"
  std::vector<std::string> ExtraArgumentsBefore; ///< "extraArgsBefore"
  std::vector<std::string> FallbackFlags;        ///< "fallbackFlags"; empty: our own.
  unsigned Debounce = 10;                        ///< "debounce": milliseconds.
  unsigned Jobs = 0;                             ///< "jobs"; 0: half of the cores.

  friend bool operator==(const Settings &, const Settings &) = default;
};

/// Reads the settings over the defaults. What cannot be used is left out and becomes a line of
/// `Complaints`, for the user. An object with a member "heddle" is taken for that member.
Settings readSettings(const llvm::json::Value &From, std::vector<std::string> &Complaints);

} // namespace heddle::lsp

#endif
