// What a proposed fix does to the texts: its edits together with the includes that it needs.
#ifndef HEDDLE_DRIVER_FIX_EDITS_H
#define HEDDLE_DRIVER_FIX_EDITS_H

#include "checks/Finding.h"
#include "driver/run/SourceTexts.h"

#include "clang/Tooling/Core/Replacement.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// Whose unsafe fixes are wanted.
struct UnsafeFixes {
  bool Wanted = false;
  std::map<std::string, bool> WantedOf; ///< Rules that differ.

  bool allowed(const Finding &F) const {
    auto Own = WantedOf.find(F.Rule);
    return Own == WantedOf.end() ? Wanted : Own->second;
  }
};

/// The fix that would be applied to a finding: the first safe one; if there is none and `Unsafe`
/// is set, the first. Null if there is nothing to apply.
const Fix *chooseFix(const Finding &F, bool Unsafe);

/// The edit that makes `Code` include a header, placed and sorted like those already there. Nothing
/// if it does so already. `Header` is spelled with its brackets or quotes.
std::optional<clang::tooling::Replacement> includeOf(llvm::StringRef Header, llvm::StringRef Code,
                                                     llvm::StringRef Path);

/// The edits of a fix with its includes as further edits, none overlapping, sorted by place. Edits
/// of files that `Texts` does not know are left as they are and bring no includes.
std::vector<Edit> allEdits(const Fix &Proposal, const SourceTexts &Texts);

} // namespace heddle

#endif
