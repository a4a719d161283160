// Writing files so that nobody ever sees half of one.
#ifndef HEDDLE_DRIVER_FIX_REPLACEFILES_H
#define HEDDLE_DRIVER_FIX_REPLACEFILES_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <string>

namespace heddle {

/// Replaces each file, or creates it, with the text given for its path. All texts are written to
/// temporary files in the same folders first and then renamed, so an error leaves every file as it
/// was. Existing permissions are kept and links followed. What is no regular file (a pipe, a
/// device) is written to in place. The error names the path and the reason.
llvm::Error replaceFiles(const std::map<std::string, std::string> &TextOfPath);

/// The same for one file.
llvm::Error replaceFile(llvm::StringRef Path, llvm::StringRef Text);

} // namespace heddle

#endif
