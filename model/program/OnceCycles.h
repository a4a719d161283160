// Code that runs once and waits for itself: a once-callable that comes to its own flag again, a
// static's initialiser that comes to its own declaration.
#ifndef HEDDLE_MODEL_PROGRAM_ONCECYCLES_H
#define HEDDLE_MODEL_PROGRAM_ONCECYCLES_H

#include "model/facts/ValueFlow.h"
#include "model/program/Operation.h"

namespace heddle {

/// One way back. Calls starts in `In` with the call that runs the callable (or stands in the
/// initialiser) and ends with the one that enters the function where it comes round.
struct OnceCycle {
  FunctionId In = InvalidId;
  EntityId Subject = InvalidId; ///< The flag, or the static.
  SourceRange First, Again;     ///< The two places; of a static both are its declaration.
  bool IsStatic = false;
  std::vector<CallStep> Calls;
};

/// All of the unit's, in source order, the shortest way for each place. Flags that are members
/// count only where the calls show that it is the same object. Calls in new threads do not count:
/// those wait, and do no harm by themselves.
std::vector<OnceCycle> onceCycles(const ValueFlow &Values);

} // namespace heddle

#endif
