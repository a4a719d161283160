// Locks that are taken, given back or left behind where they should not be.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKFAULT_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKFAULT_H

#include "model/program/Operation.h"

namespace heddle {

/// What one way through a function does to a lock, in terms of that function.
struct LockFault {
  enum Kind : uint8_t {
    DoubleLock,    ///< taken while this thread holds it
    NotHeld,       ///< given back by who does not hold it
    WrongMode,     ///< given back in the mode in which it is not held
    LeftLocked,    ///< the function is left with it, where other ways give it back
    NeverUnlocked, ///< the function is left with it, and nobody gives it back
    ThreadEnds,    ///< the thread ends with it
    DeniedHeld,    ///< held where the thread says that it holds none
    UncheckedTry,  ///< given back or adopted after an attempt whose outcome nobody looked at
  };
  Kind What = DoubleLock;
  FunctionId In = InvalidId;
  AccessPath Lock;
  bool OfGuard = false; ///< Lock is a guard: it owns already, or does not own.
  SourceRange Where;
  std::vector<CallStep> Calls; ///< From Where, a call, to the place At where it happens.
  SourceRange At;
  bool IsShared = false;  ///< The mode at Where.
  bool WasShared = false; ///< The mode in which it is held.
  bool WasGiven = false;  ///< Held: the caller has it. Not held: nobody has taken it since the
                          ///< thread or the variable began.
  bool WithinCall =
      false;              ///< Double: the call at Where takes it and then runs what takes it again.
  bool TryFailed = false; ///< Not held: the attempt failed.
  bool Throws = false;    ///< Left: by throwing.
  bool Jumps = false;     ///< Left: by a jump into another function.
  /// Left: the caller can tell, so that it is a fault only if nobody gives the lock back.
  bool IsTold = false;
  bool ByResult = false; ///< Told by the result, rather than by what the caller gave.
  /// Left: what is returned lies beside the lock, in one object with it.
  bool IsPartOut = false;
  SourceRange Before; ///< Where it was taken (not held: given back, tried); may be invalid.
  std::vector<CallStep> BeforeCalls; ///< From Before, a call, to where that happened.
  SourceRange Turn;                  ///< The last branch on the way out.
  SourceRange Elsewhere;             ///< Left: a place that gives it back on another way.
  SourceRange Spawn;                 ///< Where a thread that ends with it is started.
};

} // namespace heddle

#endif
