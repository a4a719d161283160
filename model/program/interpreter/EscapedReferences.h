// Ways into memory that a lock guards: who holds one, and where it outlives the lock.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_ESCAPEDREFERENCES_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_ESCAPEDREFERENCES_H

#include "model/program/Operation.h"

namespace heddle {

/// A local that refers to memory of another object, made while locks were held.
struct Borrow {
  AccessPath Object;
  std::vector<HeldLock> Locks;
  SourceRange Where;
  friend bool operator==(const Borrow &, const Borrow &) = default;
};

/// A reference, pointer, iterator or view of guarded memory that can be used without the lock.
struct EscapedReference {
  enum Way : uint8_t {
    Returned, ///< At `Where`, to whoever called.
    Stored,   ///< At `Where`, into an object of the caller's.
    Used,     ///< At `Where`, by the function itself after the lock was given back.
  };
  Way How = Returned;
  FunctionId In = InvalidId;
  AccessPath Object;
  std::vector<HeldLock> Locks; ///< Held when it was made; only the guard in the end.
  AccessPath Holder;           ///< Used: the local.
  SourceRange Made;            ///< Used: where the local got it.
  SourceRange Where;
  /// A write of the object under the guard, which shows that the guard is one.
  SourceRange WrittenAt;
  FunctionId WrittenIn = InvalidId;
};

} // namespace heddle

#endif
