// Which lock guards which field or global, as the code that touches it shows.
#ifndef HEDDLE_MODEL_PROGRAM_GUARDINFERENCE_H
#define HEDDLE_MODEL_PROGRAM_GUARDINFERENCE_H

#include "model/program/Operation.h"

#include <map>
#include <set>

namespace heddle {

class ProgramModel;

/// An access as the function that code from outside may call sees it.
struct GuardedAccess {
  FunctionId Frame = InvalidId;
  Operation Op;
};

/// A field (of whatever object) or a global with the lock that its users mostly hold.
struct GuardedVariable {
  EntityId Subject = InvalidId;
  /// The lock from the object that owns the variable, which stands as parameter 0, dereferenced;
  /// global locks as they are.
  AccessPath Guard;
  EntityId Lock = InvalidId;          ///< The lock's own name.
  bool IsDeclared = false;            ///< GUARDED_BY: said rather than inferred.
  std::vector<GuardedAccess> Inside;  ///< Those that hold the guard, in source order.
  std::vector<GuardedAccess> Outside; ///< Those that certainly do not.
  /// The functions that code from outside calls to get to them: several may share one access.
  std::set<FunctionId> CallersInside, CallersOutside;
  /// The last place at which a function calls one that takes the guard and writes.
  std::map<FunctionId, SourceRange> CalledToWrite;
};

/// Looks at every function that code from outside may call: a class or a file that owns a lock
/// promises that threads may meet there. What happens before an object is shared (constructors,
/// functions that set up or tear down the lock itself, what comes before the thread is started) or
/// when its threads are joined is left out, and so is all that holds a lock that cannot be named.
/// Sorted by entity. Nothing is inferred for what is never written.
/// Source: the ownership and lock conditions of RacerD (Blackshear et al., 2018).
std::vector<GuardedVariable> inferGuards(const ProgramModel &Program);

} // namespace heddle

#endif
