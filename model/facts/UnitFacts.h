// The facts of one translation unit: every function that matters as a graph of events.
//
// This is what remains of a unit once Clang's AST is gone: plain values, sorted by source order,
// without addresses. Everything flow-sensitive (lock sets, live threads, open obligations) is
// computed from here, the same way for one unit and for a linked program.
#ifndef HEDDLE_MODEL_FACTS_UNITFACTS_H
#define HEDDLE_MODEL_FACTS_UNITFACTS_H

#include "model/facts/FunctionFacts.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace heddle {

/// A full statement of a block, as far as fixes need it.
struct Statement {
  SourceRange Whole;         ///< Including the semicolon.
  SourceRange Lines;         ///< Whole, and the rest of its lines if nothing else stands there.
  bool IsExpression = false; ///< Can be wrapped or removed without taking a declaration away.
  bool InBlock = false;      ///< Its parent is a compound statement.
  bool HasCalls = false;
  SourceRange Enclosing; ///< The enclosing compound statement, braces included.
  bool IsLast = false;   ///< Nothing follows it in Enclosing.
  /// Nothing that follows it in Enclosing calls anything or waits, ends of life included.
  bool IsQuietBehind = false;
  /// Where Enclosing is a block of its own in another one: the `if` without `else` that comes right
  /// behind it, and the block that it may enter.
  SourceRange NextIf, NextIfBlock;
  uint32_t DeclarationsBefore = 0; ///< Declaration statements before it, directly in Enclosing.
  /// The last declaration before it, in a block around it, of something that has a destructor.
  SourceRange LastDestroyed;
  /// The type name, where the statement spells it to make a thread's handle: `t = std::thread(f)`.
  SourceRange HandleType;
};

/// A call of a library function that keeps something between calls and takes no lock for it.
struct UnsafeCall {
  std::string Name;  ///< As written.
  std::string State; ///< What it keeps, in words: "the buffer of 'localtime' and 'gmtime'".
  SourceRange Where;
  /// The function that keeps it in an object of the caller's instead, if there is one.
  std::string Replacement;
  /// The declaration that the replacement needs (at the beginning of the function), and the edits
  /// of this call; empty if its result goes where the declaration does not reach.
  std::string Declaration;
  std::vector<std::pair<SourceRange, std::string>> Edits;
};

/// A call that makes a function the handler of a signal.
struct HandlerInstall {
  std::string Signal;   ///< As written; empty if it is not written there as one word.
  bool IsKnown = false; ///< Which signal it is.
  bool IsFault = false; ///< The program itself raises it by going wrong.
};

/// Something that matters only where a signal handler can reach it.
struct SignalHazard {
  enum Kind : uint8_t {
    Unsafe,   ///< A call that is not async-signal-safe.
    Spoils,   ///< errno gets a value of its own
    Restores, ///< errno gets a value that was kept
    Raises,   ///< The caller sends itself a signal.
    Blocks,   ///< Signals are kept off, or let through.
  };
  Kind What = Unsafe;
  std::string Name; ///< As written.
  std::string Why;  ///< Unsafe: what it does, as in "takes the lock of the stream".
};

/// Which element of an array a lock is, at the place where it is taken: the value of a variable and
/// so many further on.
struct LockIndex {
  SourceRange Where;
  EntityId Variable = InvalidId; ///< Invalid for a constant.
  int64_t Offset = 0;
  bool Wraps = false; ///< Behind the last element comes the first one.
  /// The slot of a parameter that is neither changed nor compared with others: what it is, the
  /// caller alone decides.
  uint32_t Slot = InvalidId;
  bool IsObject = false; ///< The slot holds the lock's owner, and is no subscript.
};

/// A call that gives two arguments which are made alike, by something that may say something else
/// each time: either may be the larger one.
struct DrawnArguments {
  SourceRange Where;
  uint32_t First = 0, Second = 0; ///< Slots.
};

/// By what an element of an array is chosen, where a lock is taken or given back: a number for the
/// text of the subscript, and the memory that it depends on.
struct LockChoice {
  uint32_t Expression = 0;
  std::vector<AccessPath> Reads;
};

struct UnitFacts {
  std::vector<std::string> Files;
  std::vector<Entity> Entities;
  std::vector<FunctionFacts> Functions;
  std::vector<Statement> Statements;
  std::vector<TeamContext> TeamContexts; ///< Empty if the unit knows no teams.
  std::vector<UnsafeCall> UnsafeCalls;
  // signals; empty in units that install no handler
  std::vector<HandlerInstall> HandlerInstalls;
  std::vector<SignalHazard> SignalHazards;
  std::vector<LockIndex> LockIndices; ///< Sorted by place.
  std::vector<DrawnArguments> Drawn;
  std::map<SourceRange, LockChoice> LockChoices; ///< By the operation on the lock.
  /// Sorted by place. Empty in units without threads, or without atomic operations on plain
  /// objects.
  std::vector<PlainAccess> PlainAccesses;
  /// Copies as the compiler has written them, of objects that not only the copying function knows.
  std::set<FunctionId> SharedCopies;
  /// What stands in constant objects that are initialised with functions, by member.
  std::map<AccessPath, Value> ConstantCallables;
  bool HoldsCancellation = false; ///< Some function keeps its thread from being cancelled.
  bool IsCPlusPlus17 = false;
  bool IsCPlusPlus20 = false;
  bool IsC = false;
  std::string GuardMacro; ///< By which the unit's declarations name their guards: "GUARDED_BY".

  FileRange resolve(const SourceRange &R) const {
    return {Files[R.File], R.Begin, R.End, R.Line, R.Column};
  }
};

} // namespace heddle

#endif
