// NOLINT comments: what the text of one file says about findings in it that nobody wants to hear
// of. They mean exactly what they mean to clang-tidy.
#ifndef HEDDLE_DRIVER_CONFIG_SUPPRESSION_H
#define HEDDLE_DRIVER_CONFIG_SUPPRESSION_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <string>
#include <vector>

namespace heddle {

/// The comments of one file. Refers to the text, which must outlive it. Any number of threads may
/// read it.
class Suppressions {
public:
  explicit Suppressions(llvm::StringRef Text);

  /// Whether NOLINT stands on the line of the byte at `Offset`, NOLINTNEXTLINE on the one before,
  /// or NOLINTBEGIN and NOLINTEND around it, for one of `Names`: the names by which the finding's
  /// rule goes. A comment without parentheses is for all rules, one with an empty pair for none;
  /// within them stand globs, separated by commas, in which '*' is the only wildcard.
  bool cover(uint32_t Offset, llvm::ArrayRef<std::string> Names) const;

  /// A NOLINTBEGIN or NOLINTEND whose partner is missing, or closes another block.
  struct Unmatched {
    uint32_t Offset, Length;
    llvm::StringRef Message; ///< Lives as long as the program.
  };
  llvm::ArrayRef<Unmatched> unmatched() const { return Alone; }

private:
  bool coverLine(uint32_t Offset, llvm::ArrayRef<std::string> Names) const;

  struct Block {
    size_t Begin, End;
    llvm::StringRef Globs;
  };
  llvm::StringRef Text;
  std::vector<Block> Blocks;
  std::vector<Unmatched> Alone;
};

} // namespace heddle

#endif
