// Which fixes clang-tidy may apply together. It tells insertions of an #include apart that mean the
// same, and of fixes that overlap it takes the biggest; we take the first, as the driver does.
#ifndef HEDDLE_DRIVER_TIDY_FIXPLAN_H
#define HEDDLE_DRIVER_TIDY_FIXPLAN_H

#include "driver/run/UnitAnalysis.h"

#include <vector>

namespace heddle {

/// A finding and its fix. Refers to the findings that it was planned for.
struct PlannedFinding {
  const Finding *What = nullptr;
  const Fix *Proposal = nullptr; ///< The best fix, or null.
  /// The edits for clang-tidy. None if the fix is unsafe and nobody asked for those, or an earlier
  /// one is in its way.
  std::vector<Edit> Edits;
};

/// What a plan has to know about clang-tidy's settings.
class FixAudience {
public:
  virtual ~FixAudience() = default;
  /// Whether the finding will come through clang-tidy's filters. Only from those that do, others
  /// can take over an #include.
  virtual bool isShown(const Finding &F) const = 0;
  virtual bool allowsUnsafe(const Finding &F) const = 0;
};

/// Plans for all findings, suppressed ones excepted.
std::vector<PlannedFinding> planForTidy(const UnitFindings &Found, const FixAudience &Audience);

} // namespace heddle

#endif
