// Fixes in the YAML of clang-tidy's --export-fixes, for clang-apply-replacements and the tools that
// read the same.
#ifndef HEDDLE_DRIVER_FIX_EXPORTFIXES_H
#define HEDDLE_DRIVER_FIX_EXPORTFIXES_H

#include "driver/catalogue/Catalogue.h"
#include "driver/fix/Edits.h"
#include "driver/run/RunResult.h"

#include <string>

namespace heddle {

/// One YAML document with every finding; those with a fix that `Unsafe` allows carry its edits.
/// `BuildDirectory` is named as the folder that relative paths would start from.
std::string exportFixes(const RunResult &Run, const Catalogue &Rules, const UnsafeFixes &Unsafe,
                        const std::string &BuildDirectory);

} // namespace heddle

#endif
