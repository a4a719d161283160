// Atomic operations as they are written: which order, whether retried, computed from which read.
#ifndef HEDDLE_MODEL_FACTS_ATOMICOPERATION_H
#define HEDDLE_MODEL_FACTS_ATOMICOPERATION_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"

#include <string>
#include <utility>
#include <vector>

namespace heddle {

/// In the numbering of C and C++, which __atomic_… builtins share.
enum class MemoryOrder : uint8_t {
  Relaxed,
  Consume,
  Acquire,
  Release,
  AcquireRelease,
  SequentiallyConsistent,
  Unknown, ///< Not a constant.
};

/// The argument that gives an operation its order. `Written` is invalid where it is left out.
struct OrderArgument {
  MemoryOrder Order = MemoryOrder::SequentiallyConsistent;
  SourceRange Written;
  std::string Text; ///< What stands there.
};

/// One operation in the source. A function's list has one for each event that is Atomic.
struct AtomicOperation {
  enum Kind : uint8_t { Load, Store, Update, CompareExchange };
  /// What becomes of a compare-and-swap's answer.
  enum Answer : uint8_t {
    Followed, ///< Somebody may try again: a loop, the caller, code that is not understood.
    Ignored,  ///< Nobody looks at it.
    Final,    ///< A branch takes a failure for the last word.
  };
  /// How a store's value comes from an earlier load of the same object.
  enum Split : uint8_t {
    Whole,         ///< It does not.
    SelfUpdate,    ///< Within one statement: x = x + 1.
    ThroughLocal,  ///< By way of a local variable.
    ThroughMember, ///< Into the object whose address is stored: a list's new head.
    CheckThenSet,  ///< Stored only where the load says so, with more that depends on it.
  };

  /// On what it works, which says how another one on the same object is written.
  enum Spelling : uint8_t {
    Declared,  ///< An object whose type is atomic, or a function of a library for one that is not.
    Builtin,   ///< A plain object, by a function of the compiler's.
    Reference, ///< A plain object, by way of an atomic reference.
  };

  Kind What = Load;
  Spelling How = Declared;
  AccessPath Path;
  SourceRange Where;
  OrderArgument Order, Failure;
  /// The language version demands that a failure is ordered no more than a success.
  bool LimitsFailure = false;

  bool IsRepeated = false; ///< Control can come back to it. Not set for loads and stores.

  // compare-and-swap
  bool IsWeak = false;
  Answer Outcome = Followed;
  SourceRange WeakWritten; ///< What makes it weak, and what to write there instead; may be invalid.
  std::string StrongForm;
  SourceRange Stale;         ///< Where the value was computed that no further attempt renews.
  std::string StaleName;     ///< The variable that holds it; empty if there is none such.
  bool ExpectsStale = false; ///< It is the expected value rather than the new one.

  // store
  Split Shape = Whole;
  SourceRange BasedOn; ///< The load.
  /// The same as one operation, where that is simple to write.
  std::vector<std::pair<SourceRange, std::string>> Rewrite;
  std::string RewriteName; ///< Of that operation: "fetch_add".
};

/// A plain access to a number or pointer, with the text around it: what it takes to write an atomic
/// operation in its place.
struct PlainAccess {
  enum Kind : uint8_t { Read, Store, Update };

  Kind What = Read;
  SourceRange Where; ///< As of the operation.
  SourceRange Object;
  SourceRange Operator; ///< Between object and operand, or the `++`.
  SourceRange Operand;  ///< Invalid where there is none.
  std::string Combines; ///< Update: "add", "sub", "and", "or", "xor".
  bool IsPostfix = false;
  bool IsResultUsed = false; ///< Of Store and Update, as a value.
  bool IsConst = false;      ///< Nobody could write here.
};

} // namespace heddle

#endif
