// Threads that hold a lock while they wait, told step by step for findings.
#ifndef HEDDLE_CHECKS_LOCKSTORIES_H
#define HEDDLE_CHECKS_LOCKSTORIES_H

#include "checks/StoryTeller.h"

namespace heddle {

/// The story of the thread that performs `Op`, with a step where it takes the lock `Held`.
ThreadStory tellHolding(const ProgramModel &Program, const Operation &Op, FunctionId Frame,
                        const HeldLock &Held, std::string LastWords);

/// The lock in quotes, as a user would write it in `Frame`, or else at the place where it is taken;
/// "a lock" if it has no name.
std::string quoteLock(const ProgramModel &Program, const AccessPath &Lock, FunctionId Frame,
                      SourceRange Taken = {});

} // namespace heddle

#endif
