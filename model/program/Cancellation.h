// Threads that may be cancelled where they hold a lock.
#ifndef HEDDLE_MODEL_PROGRAM_CANCELLATION_H
#define HEDDLE_MODEL_PROGRAM_CANCELLATION_H

#include "model/program/ProgramModel.h"

namespace heddle {

/// A place where a thread ends if it has been cancelled, and the lock that nobody gives back then.
struct CancelledHolder {
  SourceRange Spawn, Cancel;
  FunctionId Entry = InvalidId; ///< What the thread runs; the paths are in its terms.
  Operation Point;
  HeldLock Held;
};

/// One for each place, in source order. Locks of guards are no matter: the end of a thread destroys
/// its variables where there are destructors. Nothing where threads keep cancellation off.
std::vector<CancelledHolder> findCancelledHolders(const ProgramModel &Program);

} // namespace heddle

#endif
