// A function body as a graph of events, and what rules and fixes need to know of how it is written.
#ifndef HEDDLE_MODEL_FACTS_FUNCTIONFACTS_H
#define HEDDLE_MODEL_FACTS_FUNCTIONFACTS_H

#include "model/facts/AtomicOperation.h"
#include "model/facts/CoroutineFacts.h"
#include "model/facts/Entity.h"
#include "model/facts/Event.h"
#include "model/facts/Judgement.h"
#include "model/facts/LockText.h"

#include <string>
#include <vector>

namespace heddle {

/// A try statement. No edges lead from the body to the handlers but those of `throw` itself.
struct TryBlock {
  SourceRange Body;
  uint32_t Dispatch = InvalidId; ///< Its edges go to the handlers; to the exit if none may match.
};

/// A loop as written. `Header` is the block that decides on the next iteration.
struct Loop {
  SourceRange Keyword;   ///< "while", "for", "do"
  SourceRange Condition; ///< What stands where the condition belongs; may be an empty range.
  SourceRange Body;      ///< Including braces where there are any.
  uint32_t Header = InvalidId;
  bool ConditionIsTrue = false; ///< while (true), for (;;), do … while (1)
  bool InsideTry = false;       ///< A handler outside of the loop may catch what the body throws.
};

/// A call that runs its callable once in the program's life, the others waiting for its end.
struct OnceCall {
  AccessPath Flag;
  Value Callable;
  SourceRange Where;
};

/// A function-local static with an initialiser that runs when control first comes by.
struct StaticInitializer {
  EntityId Variable = InvalidId;
  SourceRange Text;
};

/// An if statement without else that could become a call of a callable: nothing jumps out of it.
struct PlainIf {
  SourceRange Head; ///< "if" to the closing parenthesis.
  SourceRange Condition, Body;
  bool BodyIsBlock = false;
};

/// A wait at a condition that stands in an `if` of its own: what a fix needs of the text.
struct GuardedWait {
  SourceRange Wait;     ///< The call.
  SourceRange Keyword;  ///< The `if`.
  SourceRange Whole;    ///< The statement that it begins.
  bool IsAlone = false; ///< Nothing else stands in it.
  /// The wait with the condition as its predicate, where there is an overload for that.
  std::string WithPredicate;
};

struct Parameter {
  EntityId Variable = InvalidId;
  bool IsReference = false;
  std::vector<AccessPath> Cancels = {}; ///< Cancel functions that come with it, by its type.
  bool IsFixed = false;                 ///< Never assigned, and its address is not taken.
};

/// The edits by which a task works on a copy of an object that it is handed by pointer or
/// reference; none if they would not compile, or the copy would not be whole.
using CopyEdits = std::vector<std::pair<SourceRange, std::string>>;

/// A capture of a lambda as written, beside the Parameter of the same index.
struct CaptureText {
  SourceRange Written; ///< The capture in the list; invalid where the default brings it.
  SourceRange Used;    ///< Where the body mentions it first; invalid if it never does.
  /// The body only reads it, and its type can be copied: capturing a copy would compile.
  bool AllowsCopy = false;
  CopyEdits OwnCopy; ///< Of what the captured pointer leads to.
};

/// A function that is started with arguments, and what would hand it copies. By slot of the
/// function: slot 0 is nobody's.
struct TaskStart {
  SourceRange Where;
  std::vector<CopyEdits> OwnCopies;
};

/// The edits by which a variable that a task captures by reference becomes an object that both own.
struct SharedForm {
  EntityId Variable = InvalidId;
  SourceRange Start; ///< Where the task is started.
  CopyEdits Edits;
  bool IsByDefault = false; ///< The lambda's default captures it, and does not name it.
};

/// A function body as a graph of events. Block 0 is the entry, block 1 the exit.
struct FunctionFacts {
  static constexpr uint32_t EntryBlock = 0, ExitBlock = 1;

  std::string Usr;
  std::string Name; ///< Qualified, as a reader would write it; "lambda" for lambdas.
  SourceRange NameRange;
  SourceRange BodyRange;             ///< Braces included.
  SourceRange BodyEnd;               ///< The closing brace.
  FunctionId Parent = InvalidId;     ///< Of a lambda: the function around it.
  std::vector<Parameter> Parameters; ///< By slot; slot 0 is `this` and may be empty.
  std::vector<Parameter> Captures;
  RegionKind Region = RegionKind::None; ///< The body of a directive; has captures, as lambdas do.
  std::vector<CaptureText> CaptureTexts;
  std::vector<TaskStart> TaskStarts;
  std::vector<SharedForm> SharedForms;
  std::string SharedFormHeader; ///< What they need.
  SourceRange CaptureDefault;   ///< Of a lambda: `&` or `=`; invalid if there is none.
  bool IsLambda = false, IsConstructor = false, IsDestructor = false, IsMain = false;
  bool IsLocalToUnit = false; ///< Every call of it is in this unit.
  bool IsPublic = false;      ///< Code outside of the unit, or of the class, may call it.
  bool IsAssignment = false;  ///< operator=
  bool IsOverridable = false; ///< Virtual: a call through an object may run another function.
  bool HasBody = false;
  /// Whether it gets its environment by captures rather than by slots.
  bool hasCaptures() const { return IsLambda || Region != RegionKind::None; }
  /// The innermost of its try blocks around the place; null if there is none.
  const TryBlock *tryAround(const SourceRange &Where) const {
    const TryBlock *Innermost = nullptr;
    for (const TryBlock &Try : TryBlocks)
      if (Try.Body.isValid() && Try.Body.encloses(Where) && Try.Dispatch < Blocks.size() &&
          (!Innermost || Innermost->Body.encloses(Try.Body)))
        Innermost = &Try;
    return Innermost;
  }
  bool HasThis = false; ///< Slot 0 is an object: non-static member function, no lambda.
  /// What the function returns a reference, pointer or view of is for threads to share.
  bool ReturnsSynchronized = false;
  /// The `&` of the return type, where dropping it yields a copy, and a `const` that goes with it.
  SourceRange ReturnReference, ReturnConst;
  std::vector<Block> Blocks;
  std::vector<Loop> Loops;
  std::vector<TryBlock> TryBlocks;
  std::vector<SourceRange> Assertions; ///< As written, with what is asserted.
  std::vector<OnceCall> OnceCalls;
  std::vector<StaticInitializer> StaticInitializers;
  std::vector<PlainIf> PlainIfs;
  std::vector<GuardedWait> GuardedWaits;
  bool HasFence = false;                ///< Orders memory by a fence of its own.
  bool IsConst = false;                 ///< A const member function.
  bool IsInLockOwner = false;           ///< A member of a class that has a lock among its members.
  std::vector<AtomicOperation> Atomics; ///< In the order of the events.
  /// Of a lambda: its parameter list with parentheses; an empty range where one could be inserted
  /// if it has none; invalid inside macros.
  SourceRange ParameterList;
  std::vector<std::string> NamesWritten; ///< Of a lambda: the identifiers in its text, sorted.
  std::vector<AnnotatedLock> Requires;   ///< Held by every caller, as annotated: REQUIRES.
  /// What a call of it does, as annotated: ACQUIRE, RELEASE.
  std::vector<AnnotatedLock> Acquires, Releases;
  /// Where somebody is told to clean up should the thread end, and where no more: pairs in the
  /// text.
  std::vector<SourceRange> CleanupPushes, CleanupPops;
  bool IsJumpTarget = false;            ///< Jumps out of callees may end here (setjmp).
  bool IsExemptFromAnnotations = false; ///< NO_THREAD_SAFETY_ANALYSIS
  // Locks that guard nothing, in source order; instances of templates say the same again.
  std::vector<DroppedGuard> DroppedGuards;
  std::vector<IdleGuard> IdleGuards;
  std::vector<LocalLock> LocalLocks;
  std::vector<LockCopy> LockCopies;
  /// The parameter of which the function makes a copy: of copy constructors, assignments, and free
  /// functions that fill one object from another of its type; 0 if there is none.
  uint32_t CopiedSlot = 0;
  bool MovesCopied = false; ///< And leaves empty.
  // Coroutines
  bool IsCoroutine = false;
  std::vector<LateUse> LateUses;
  std::vector<CoroutineCall> CoroutineCalls;
  /// Annotated to take or give back a lock: ACQUIRE, RELEASE, TRY_ACQUIRE.
  bool ChangesLocksAsAnnotated = false;
  std::vector<Judgement> Judgements; ///< See EventKind::Judged.
  ConditionParts Conditions;         ///< Of those that the judgements name as a whole.
};

} // namespace heddle

#endif
