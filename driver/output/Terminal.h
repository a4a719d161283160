// What source and names look like on a terminal, whatever is in them.
#ifndef HEDDLE_DRIVER_OUTPUT_TERMINAL_H
#define HEDDLE_DRIVER_OUTPUT_TERMINAL_H

#include "llvm/ADT/StringRef.h"

#include <string>

namespace heddle {

/// The text, with \xNN for what a terminal would obey rather than show, and for what is no UTF-8.
/// Tabs stay, and so do line ends if `KeepLines`.
std::string printable(llvm::StringRef Text, bool KeepLines = false);

/// A line of source with a mark below it.
struct MarkedLine {
  std::string Text;
  std::string Before; ///< White space as wide as what stands before the mark.
  unsigned Width = 0; ///< Of the mark, in columns; at least 1.
};

/// The line as it is shown, for a mark below its bytes from `Begin` to `End`. A long line is cut on
/// both sides of the mark.
MarkedLine markedLine(llvm::StringRef Line, size_t Begin, size_t End);

} // namespace heddle

#endif
