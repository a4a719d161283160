// Waits at a condition after which nothing asks again whether what was waited for has come about.
#ifndef HEDDLE_MODEL_PROGRAM_UNCHECKEDWAITS_H
#define HEDDLE_MODEL_PROGRAM_UNCHECKEDWAITS_H

#include "model/program/Operation.h"

namespace heddle {

struct UncheckedWait {
  FunctionId In = InvalidId; ///< The function that waits.
  SourceRange Where;
  AccessPath Condition;        ///< As it stands in `In`.
  std::vector<CallStep> Calls; ///< From the function that holds the lock, if that is another.
  FunctionId Frame = InvalidId;
  /// The branch that decided to wait, in the same critical section; invalid if there is none.
  SourceRange Gate;
  AccessPath Asked; ///< What it looked at, in terms of Frame; unknown if that cannot be told.
  SourceRange Acts; ///< Where the thread goes on as if it had come about; may be invalid.
  const GuardedWait *Text = nullptr; ///< In the function's facts, which must outlive this.
};

/// A wait is checked if a way from it to the end of its critical section comes to a branch on
/// anything but values of the thread's own, if it is given a predicate, or gives up after a while.
/// Waits whose lock a caller holds are looked at in the callers. In source order.
std::vector<UncheckedWait> findUncheckedWaits(const UnitFacts &Unit);

} // namespace heddle

#endif
