// Threads that hold a lock while they wait, told step by step for findings.
#ifndef HEDDLE_CHECKS_LOCKSTORIES_H
#define HEDDLE_CHECKS_LOCKSTORIES_H

#include "checks/StoryTeller.h"

#include <optional>

namespace heddle {

/// The story of the thread that performs `Op`, with a step where it takes the lock `Held`.
ThreadStory tellHolding(const ProgramModel &Program, const Operation &Op, FunctionId Frame,
                        const HeldLock &Held, std::string LastWords);

/// The lock in quotes, as a user would write it in `Frame`, or else at the place where it is taken;
/// "a lock" if it has no name.
std::string quoteLock(const ProgramModel &Program, const AccessPath &Lock, FunctionId Frame,
                      SourceRange Taken = {});

/// Where a thread comes from: a call, or its start.
struct WayHere {
  SourceRange Where;
  bool IsStart = false;
};

/// The last steps in which the ways of two threads to one place differ.
std::optional<std::pair<WayHere, WayHere>> findParting(const Operation &A, const Operation &B);

/// Two locks, by names that differ where the code has such.
std::pair<std::string, std::string> quoteLocks(const ProgramModel &Program, const HeldLock &Held,
                                               const Operation &Taken, FunctionId Frame);

} // namespace heddle

#endif
