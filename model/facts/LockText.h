// How guards, local locks and copies of locks are written: what the events of a function do not
// tell. Plain data for the rules on locks that guard nothing.
#ifndef HEDDLE_MODEL_FACTS_LOCKTEXT_H
#define HEDDLE_MODEL_FACTS_LOCKTEXT_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"

#include <string>
#include <vector>

namespace heddle {

/// A guard that has no name, or that is none, with further statements behind it in its block.
struct DroppedGuard {
  enum Kind : uint8_t {
    Temporary, ///< `guard(m);`, gone at the semicolon.
    Result,    ///< A call that returns a guard, which nobody keeps.
    Variable,  ///< `guard(m);` that declares a guard called m, without a lock.
    Prototype, ///< `guard g();`, which declares a function.
  };
  Kind How = Temporary;
  bool IsAdopted = false;    ///< The lock was taken before: it is given back here.
  SourceRange Whole;         ///< Of declarations: the name.
  std::string Type;          ///< The guard's, as written; empty for results.
  std::string Name;          ///< What a declaration declares, or the function that is called.
  SourceRange NameBelongs;   ///< Where a name could be inserted; invalid inside of macros.
  std::string FreeName;      ///< One that nothing in the function has; may be empty.
  EntityId Lock = InvalidId; ///< The field that a declaration hides.
  /// Of a class of the project's: what makes and ends the object. Whether that is a guard, their
  /// summaries say. Invalid if the vocabulary or an annotation says so.
  FunctionId Constructor = InvalidId, Destructor = InvalidId;
};

/// A local variable that is a guard and was made without taking a lock.
struct IdleGuard {
  enum Kind : uint8_t {
    Empty,    ///< Made from nothing.
    Deferred, ///< Told to take its lock later.
    Adopted,  ///< Told that the lock is held.
    Tried,    ///< Makes one attempt, which may fail.
  };
  Kind How = Empty;
  EntityId Variable = InvalidId;
  SourceRange Where; ///< The construction.
  /// No mention of the variable could make it take a lock or hand it to somebody else. Tried:
  /// nothing mentions it.
  bool IsLeftAlone = false;
  SourceRange Tag; ///< Deferred: the argument that says so, with the comma before it.
  /// Empty: the only lock in scope that it can hold, as it is written there, and where it belongs;
  /// empty if there is none or more than one.
  std::string OnlyLock;
  SourceRange LockBelongs;
};

/// A lock that lives as long as one call, or belongs to one thread, and which only lock operations
/// of its function mention: nobody else can take it.
struct LocalLock {
  EntityId Variable = InvalidId;
  SourceRange Where;
  bool IsThreadLocal = false;
};

/// A lock, or something that holds one, is copied: the copy is another lock.
struct LockCopy {
  enum Kind : uint8_t {
    Initialized, ///< A variable or member is made from it.
    Assigned,
    Parameter, ///< Of the function itself, by value.
    Argument,  ///< Passed by value to a function whose body is not seen.
    Returned,
    Memory,   ///< Byte by byte.
    Captured, ///< By a lambda.
  };
  Kind How = Initialized;
  SourceRange Where;
  AccessPath From, To;              ///< Unknown where there is no name for it.
  EntityId Lock = InvalidId;        ///< The member that is the lock; invalid if all of it is.
  std::string LockType, Type, Name; ///< As written; Name: of the parameter or the callee.
  bool IsConst = false;             ///< The source cannot be in use as a lock.
  /// Of parameters: what passes the object itself instead, callers included; empty if that cannot
  /// be told.
  std::vector<std::pair<SourceRange, std::string>> Edits;
  bool IsSafe = false; ///< Nobody notices the edits otherwise.
};

} // namespace heddle

#endif
