// Which fixes clang-tidy may apply together. It tells insertions of an #include apart that mean the
// same, and of fixes that overlap it takes the biggest; we take the first, as the driver does.
#ifndef HEDDLE_DRIVER_TIDY_FIXPLAN_H
#define HEDDLE_DRIVER_TIDY_FIXPLAN_H

#include "driver/run/UnitAnalysis.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <vector>

namespace heddle {

/// A finding and its fix. Refers to the findings that it was planned for.
struct PlannedFinding {
  const Finding *What = nullptr;
  const Fix *Proposal = nullptr; ///< The fix that Edits belong to, or null.
  std::vector<Edit> Edits;
  /// Whether `-fix` may apply it. If not, the edits belong to a note, for `-fix-notes`: the fix is
  /// unsafe, or an earlier one is in its way.
  bool IsForFix = false;
};

/// Plans for all findings, suppressed ones excepted. `IsShown` says whether a finding will come
/// through clang-tidy's filters; only from those that do, others can take over an #include.
std::vector<PlannedFinding> planForTidy(const UnitFindings &Found,
                                        llvm::function_ref<bool(const Finding &)> IsShown);

} // namespace heddle

#endif
