// Texts that are analysed in the place of what is on disk: those of an editor, or staged ones.
#ifndef HEDDLE_DRIVER_RUN_UNSAVEDTEXTS_H
#define HEDDLE_DRIVER_RUN_UNSAVEDTEXTS_H

#include "llvm/Support/VirtualFileSystem.h"

#include <map>
#include <memory>
#include <string>

namespace heddle {

/// Texts that stand in for files, by absolute path. Equal texts are equal files.
using UnsavedTexts = std::map<std::string, std::shared_ptr<const std::string>>;

/// The disk with the texts over it, whichever link a path takes to them. A working folder of its
/// own. Refers to the texts.
llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> diskWith(const UnsavedTexts &Texts);

} // namespace heddle

#endif
