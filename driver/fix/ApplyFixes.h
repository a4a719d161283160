// Chooses fixes that go together and applies them: a finding's edits all or none, a file all at
// once.
#ifndef HEDDLE_DRIVER_FIX_APPLYFIXES_H
#define HEDDLE_DRIVER_FIX_APPLYFIXES_H

#include "driver/fix/Edits.h"
#include "driver/run/RunResult.h"

#include "llvm/Support/Error.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace heddle {

struct FixOptions {
  UnsafeFixes Unsafe;           ///< Whether to apply unsafe fixes as well.
  std::string Root;             ///< Only files below this folder are edited,
  std::set<std::string> Files;  ///< and these, by their absolute paths.
  std::set<std::string> Open;   ///< These are being edited: what the disk says does not matter.
  std::set<std::string> Staged; ///< These were read as they are staged, which is not as on disk.
  std::map<size_t, std::string> LeftOut; ///< Findings that are not fixed, and why.
};

/// What applying would do. Indices are into the findings.
struct FixPlan {
  struct Refusal {
    size_t Finding;
    std::string Reason;
  };
  std::map<size_t, const Fix *> Fixed; ///< By finding, the fix that is applied.
  std::vector<Refusal> Refused;
  std::map<std::string, std::string> NewTexts; ///< By path; only files that change.
  /// By path, how the texts that were parsed become the new ones; sorted, none overlapping.
  std::map<std::string, std::vector<Edit>> Edits;
};

/// Plans the fixes of findings in the texts. Edits on which several findings agree are made once;
/// of fixes that overlap, the first finding's wins and the others are refused. A file that has
/// changed on disk since it was parsed is not touched. What is edited is formatted if the file has
/// a .clang-format.
FixPlan planFixes(llvm::ArrayRef<Finding> Findings, const SourceTexts &Texts,
                  const FixOptions &Options);

/// Writes the new texts. Every file is written beside its old one before the first is replaced, so
/// that an error leaves all of them as they were; permissions are kept.
llvm::Error applyPlan(const FixPlan &Plan);

} // namespace heddle

#endif
