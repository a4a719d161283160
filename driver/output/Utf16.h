// Counting in UTF-16 code units, as SARIF consumers do.
#ifndef HEDDLE_DRIVER_OUTPUT_UTF16_H
#define HEDDLE_DRIVER_OUTPUT_UTF16_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>

namespace heddle {

/// Calls `Visit` for each code unit of a UTF-8 text. A byte that is no UTF-8 counts as one U+FFFD.
void forEachUtf16Unit(llvm::StringRef Utf8, llvm::function_ref<void(uint16_t)> Visit);

/// How many code units the text takes.
unsigned utf16Length(llvm::StringRef Utf8);

} // namespace heddle

#endif
