// What git is asked for.
#ifndef HEDDLE_DRIVER_RUN_GIT_H
#define HEDDLE_DRIVER_RUN_GIT_H

#include "driver/run/UnsavedTexts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace heddle {

/// What git prints when it is run in `Folder` and reads `Input`. The error is git's own.
llvm::Expected<std::string> runGit(llvm::StringRef Folder,
                                   llvm::ArrayRef<llvm::StringRef> Arguments,
                                   llvm::StringRef Input = "");

/// The files of the checkout `Root` that are staged otherwise than they are on disk, as a checkout
/// of what is staged would have them.
llvm::Expected<UnsavedTexts> stagedTexts(llvm::StringRef Root);

} // namespace heddle

#endif
