// Numbers and flags that are used as locks: taken by an atomic operation in a loop, and cleared.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_SPINLOCKS_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_SPINLOCKS_H

#include "model/facts/UnitFacts.h"

namespace heddle {

/// Lock events with the flag Claimed are those of atomic operations that may take or give back a
/// lock. Keeps them where the object is clear at first, some loop goes on until it has taken it,
/// and nothing else is ever stored there; elsewhere removes them, so that the object remains what
/// it was: a number that orders threads.
///
/// What is left may still be something else than a lock, such as an event that one thread waits
/// for and another one sets. Claimed stays on it, unless some guard of a library is given its
/// owner: the author says then that it is a lock. See HeldLock::IsInferred.
void settleSpinLocks(UnitFacts &Unit);

} // namespace heddle

#endif
