// The facts of one translation unit: every function that matters as a graph of events.
//
// This is what remains of a unit once Clang's AST is gone: plain values, sorted by source order,
// without addresses. Everything flow-sensitive (lock sets, live threads, open obligations) is
// computed from here, the same way for one unit and for a linked program.
#ifndef HEDDLE_MODEL_PROGRAM_UNITFACTS_H
#define HEDDLE_MODEL_PROGRAM_UNITFACTS_H

#include "model/program/AccessPath.h"
#include "model/program/AtomicOperation.h"
#include "model/program/Source.h"
#include "model/program/TeamFacts.h"

#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// One thing that a function does, in execution order within its block. The comment of each kind
/// says which members it uses; `Where` is always set.
enum class EventKind : uint8_t {
  // memory
  Read,    ///< Path. Flags: Atomic, Relaxed
  Write,   ///< Path. Flags: Atomic, Relaxed, Container
  Update,  ///< Path, read and written in one go. Flags: Atomic
  Store,   ///< the pointer-like variable Path now holds Values[0]
  Fresh,   ///< Path's root is a new object from here on (declaration reached, allocation)
  Move,    ///< what Values[0].Path held (thread, guard, pointer, obligation) is now in Path
  Destroy, ///< end of life of the handle or guard Path. Flags: Joins, Stops
  Escape,  ///< the object Path becomes reachable for code that is not seen
  End,     ///< the variable Path, whose address is taken somewhere, is gone
  // control
  Call,        ///< Callee with Values as slots 0.. (0 is `this`); result in Path
  CallValue,   ///< calls the callable Values[0] with Values[1..] as slots 1..; result in Path
  UnknownCall, ///< a function without a visible body; Values are what it can reach
  // threads
  Spawn,      ///< runs Values[0] with Values[1..]; handle in Path. Flags: Joins, Stops, Parallel
  Join,       ///< Path: the handle
  Detach,     ///< Path
  StopThread, ///< Path: the thread was asked to end
  // locks
  Acquire,     ///< Path. Flags: Shared
  Release,     ///< Path. Flags: Shared
  GuardMake,   ///< Path: guard; Values point to its locks. Flags: Deferred, Adopted, Tried, Shared
  GuardLock,   ///< Path
  GuardUnlock, ///< Path
  GuardDisown, ///< Path: locks stay held, the guard forgets them
  GuardOwned,  ///< on an edge: the guard Path is known to own its locks
  GuardFree,   ///< on an edge: the guard Path is known not to own them
  // happens-before
  Signal, ///< Path: what was done before is visible to who waits for Path
  Wait,   ///< Path
  // channels; Path is the channel's state (a Deref of the handle)
  ChannelMake, ///< Path; Values[0]: capacity
  Send,        ///< Path; Values[0]: value. Flags: NonBlocking, UnitValue
  Receive,     ///< Path. Flags: NonBlocking, Ranged, ResultUnused
  Close,       ///< Path
  // contexts and stop sources
  CancelMake,  ///< Path: variable that holds the cancel function (or stop source)
  Cancel,      ///< Path
  TokenTaken,  ///< Path: a stop source that somebody may now wait for
  LockPoll,    ///< on the edge out of a loop: in every round the lock Path was taken, or those that
               ///< Callee (with Values as slots) takes
  CallOutcome, ///< on an edge: the call of Callee with Values as slots has returned something else
               ///< than zero. Flags: OnZero: has returned zero
  Assume,      ///< on an edge: taken only where a value of this thread's own says so; Values[0]:
               ///< which of the two ways
  // atomics
  Fence,  ///< orders what the thread's other atomic operations do
  Passed, ///< on an edge: the value read from Path led here. Values[0]: that value, where known;
          ///< Flags: Atomic, Relaxed, Volatile, Differs
  Return, ///< Values[0]: value returned
  // teams of threads
  Barrier, ///< all threads of the team meet; Values[0]: a number that is unique for the place
  Choose,  ///< on an edge: taken by one thread alone; Values[0]: the variable that says which,
           ///< unknown if it cannot be told; Values[1]: its value
  // what is known about single values
  Copied, ///< the local Path (or the result) holds what Values[0], a Load, held when it was read;
          ///< unknown: something else. Flags: Atomic, Relaxed
  Found,  ///< on an edge: Path was read and is equal to Values[0], null or a constant. Flags:
          ///< Differs: it is not; Atomic, Relaxed: how it was read
  // where values come from; a source is a Load, its Bound are numbers for what it was asked about
  Use,    ///< what the reference, pointer, iterator or view Path refers to is looked at
  Derive, ///< the variable Path is computed from the sources Values. Flags: Adds
  Test,   ///< on an edge: Values[0]: which way; taken because of the sources in the others
  Inputs, ///< about the next write or call: Values[0].Bound: what it is asked about; Values[1] and
          ///< on: the sources (Bound) of what is written, or of the callee's slots 0 and on
};

enum EventFlags : uint64_t {
  NoFlags = 0,
  Atomic = 1ULL << 0,
  Relaxed = 1ULL << 1,
  Container = 1ULL << 2,
  Joins = 1ULL << 3,
  Stops = 1ULL << 4,
  Parallel = 1ULL << 5,
  Shared = 1ULL << 6,
  Deferred = 1ULL << 7,
  Adopted = 1ULL << 8,
  Tried = 1ULL << 9,
  NonBlocking = 1ULL << 10,
  Ranged = 1ULL << 11,
  ResultUnused = 1ULL << 12,
  UnitValue = 1ULL << 13,
  Selective = 1ULL << 14, ///< Accesses: only where a value of this thread's own lets it.
  Semaphore =
      1ULL << 15,       ///< Send/Receive: release/acquire of a semaphore; ChannelMake: its creation
  Claimed = 1ULL << 17, ///< Assume, accesses: the branch is on the outcome of an atomic update
  Ends = 1ULL << 18,    ///< Write: the object is no more: freed, deleted, closed, destroyed
  Scalar = 1ULL << 20,  ///< Accesses: a single number or pointer, nothing around it
  Usage = 1ULL << 19,   ///< Read: the object has to be there, but what it holds is not looked at
  Descriptor = 1ULL << 21, ///< Accesses: of the open file that a number stands for
  Library = 1ULL << 16, ///< UnknownCall: of a library, which knows nothing of the project's threads
  Given = 1ULL << 24,   ///< Acquire: the caller holds it, an assertion says so
  Dispatch = 1ULL << 30, ///< Usage: by a virtual call. Write with Ends: the destructor begins, and
                         ///< from here on virtual calls go elsewhere
  Terminates =
      1ULL << 31,       ///< Spawn, Destroy: the handle's destructor ends the program if it is live
  Differs = 1ULL << 32, ///< Found, Passed: any other value than the one named
  FixedValue = 1ULL << 33, ///< Write: of a constant
  ZeroValue = 1ULL << 34,  ///< Write: of zero, false or null
  Inserts = 1ULL << 35,    ///< Puts an element into a container.
  Removes = 1ULL << 36,    ///< Takes an element that has to be there out of a container.
  Acts = 1ULL << 37, ///< Right only if what decided for it still holds; nobody asks how it went.
  Rechecked = 1ULL << 38, ///< Operations: guarded data was looked at in the same critical section.
  Adds = 1ULL << 39,      ///< Derive: keeps what the variable was computed from before.
  Meeting = 1ULL << 45,   ///< Wait: at a barrier, for all that come there
  OnZero = 1ULL << 46,    ///< CallOutcome: the outcome is zero
};

/// Flags of accesses that concern atomics and what is used like them.
enum AtomicEventFlags : uint64_t {
  Volatile = 1ULL << 40,    ///< The variable is volatile and nothing more.
  Polled = 1ULL << 41,      ///< Read: a loop goes on until the value changes.
  UsesPointee = 1ULL << 42, ///< Read: the pointer that was read is followed or handed on.
  MakesPublic = 1ULL << 43, ///< Write, Update: of a pointer to an object that this thread made.
  Split = 1ULL << 44,       ///< Write: of a value that an earlier read of the same object decided.
};

struct Event {
  EventKind Kind = EventKind::Return;
  uint64_t Flags = NoFlags;
  FunctionId Callee = InvalidId;
  uint32_t Statement = InvalidId; ///< Index into UnitFacts::Statements.
  AccessPath Path;
  std::vector<Value> Values;
  SourceRange Where;
  uint32_t Context = InvalidId; ///< Index into UnitFacts::TeamContexts, inside of constructs.
  Subscripts Elements;          ///< Of accesses to elements of arrays in teams.

  bool has(uint64_t Flag) const { return Flags & Flag; }
};

/// Control flow to another block, with what is known only on this way (a try_lock that succeeded,
/// a loop that joined every element).
struct Edge {
  uint32_t To;
  std::vector<Event> Events;
};

/// How a block comes to the exit block, if not by returning.
enum class Leaving : uint8_t {
  Normally,
  Throws,       ///< ends in a throw that no handler of this function takes
  NeverReturns, ///< ends in a call that ends the thread or the program in order (exit)
  GivesUp,      ///< ends in a written call that ends the program as broken (abort, terminate)
  Aborts,       ///< ends in such a call inside a macro: a failed assertion
};

struct Block {
  std::vector<Event> Events;
  std::vector<Edge> Successors;
  Leaving Leaves = Leaving::Normally;
};

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
  /// The type name, where the statement spells it to make a thread's handle: `t = std::thread(f)`.
  SourceRange HandleType;
};

/// A lock as an annotation names it. Paths from the object that owns what is annotated start with
/// parameter 0, dereferenced.
struct AnnotatedLock {
  AccessPath Path;
  bool IsShared = false;
  bool OfPointee = false; ///< Guards what the annotated pointer points to, not the pointer.
};

/// A variable, field or parameter.
struct Entity {
  std::string Usr;
  std::string Name;
  std::string Type;            ///< As written by the user, without qualifiers of the declarator.
  SourceRange Declaration;     ///< The name where it is declared.
  SourceRange TypeWritten;     ///< The type specifier where it is declared alone; else invalid.
  SourceRange WholeType;       ///< TypeWritten and the `const` beside it, if there is one.
  SourceRange VolatileWritten; ///< The word before TypeWritten, with the space behind it.
  SourceRange Initializer; ///< From behind the name to the end of the initialiser; may be empty.
  bool IsField = false;
  bool IsPrivate = false; ///< A private or protected member of a class without friends.
  bool IsThreadLocal = false;
  bool IsVolatile = false;
  bool IsConst = false;
  bool IsMutex = false;
  bool IsPointer = false;      ///< Raw or smart.
  bool IsMutable = false;      ///< A field that const members may change.
  bool IsLibraryState = false; ///< Stands for what a library keeps between calls.
  bool IsCapability = false;   ///< Its class says so: clang's -Wthread-safety can check its guards.
  bool IsScalar = false;       ///< Arithmetic, enumeration or pointer.
  bool IsLocalToUnit = false;  ///< Nothing outside of the unit can name it.
  bool IsSynchronized = false; ///< Its type is for threads to share: atomics, or locks of its own.
  bool HasStableElements = false; ///< Containers: elements stay where they are until removed.
  bool IsBarrier = false;
  bool IsC = false;
  /// Every use seen in the unit still compiles with std::atomic (C: _Atomic) as the type, once
  /// `.load()` stands behind the uses in AtomicLoads.
  bool AllowsAtomic = false;
  std::vector<SourceRange> AtomicLoads;
  /// Role-specific text for fixes, from the vocabulary: what replaces a channel or semaphore that
  /// is used as a mutex.
  std::string LockReplacement, LockReplacementHeader;
  std::string GuardReplacement, GuardReplacementHeader;
  /// Channels and semaphores: the constant in the declaration's own initialiser; -1 if there is
  /// none. For globals and members that is the only place where it is known.
  int64_t DeclaredCapacity = -1;
  bool TypeIsDeduced = false; ///< TypeWritten is `auto`.
  /// Contexts and stop tokens: what behind the name asks whether to stop, e.g. ".err()".
  std::string StopTest;
  /// Thread handles: the type that may stand in place of Type and hands its callable a
  /// std::stop_token, e.g. "std::jthread".
  std::string StoppableReplacement;
  /// Channels: the template's name where the declaration spells it, and the receive end's that may
  /// stand in its place.
  SourceRange TemplateName;
  std::string ReceiveEnd;
  /// Cancels and channels: the type that runs a callable at the end of its scope, and its header.
  std::string Deferrer, DeferrerHeader;
  /// Structured bindings: the names under which fields of this variable are known.
  std::vector<std::pair<EntityId, std::string>> Bindings;
  /// The locks that the declaration itself says guard it: GUARDED_BY, PT_GUARDED_BY.
  std::vector<AnnotatedLock> GuardedBy;
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

struct Parameter {
  EntityId Variable = InvalidId;
  bool IsReference = false;
  std::vector<AccessPath> Cancels = {}; ///< Cancel functions that come with it, by its type.
};

/// A capture of a lambda as written, beside the Parameter of the same index.
struct CaptureText {
  SourceRange Written; ///< The capture in the list; invalid where the default brings it.
  SourceRange Used;    ///< Where the body mentions it first; invalid if it never does.
  /// The body only reads it, and its type can be copied: capturing a copy would compile.
  bool AllowsCopy = false;
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
  SourceRange CaptureDefault; ///< Of a lambda: `&` or `=`; invalid if there is none.
  bool IsLambda = false, IsConstructor = false, IsDestructor = false, IsMain = false;
  bool IsLocalToUnit = false; ///< Every call of it is in this unit.
  /// Code outside of the unit, or outside of the class, may call it; no assignment operator.
  bool IsPublic = false;
  bool HasBody = false;
  /// Whether it gets its environment by captures rather than by slots.
  bool hasCaptures() const { return IsLambda || Region != RegionKind::None; }
  bool HasThis = false; ///< Slot 0 is an object: non-static member function, no lambda.
  /// What the function returns a reference, pointer or view of is for threads to share.
  bool ReturnsSynchronized = false;
  /// The `&` of the return type, where dropping it yields a copy, and a `const` that goes with it.
  SourceRange ReturnReference, ReturnConst;
  bool IsPrivate = false; ///< A member that only its class (or those derived from it) can call.
  std::vector<Block> Blocks;
  std::vector<Loop> Loops;
  std::vector<TryBlock> TryBlocks;
  std::vector<OnceCall> OnceCalls;
  std::vector<StaticInitializer> StaticInitializers;
  std::vector<PlainIf> PlainIfs;
  bool HasFence = false;                ///< Orders memory by a fence of its own.
  bool IsConst = false;                 ///< A const member function.
  bool IsInLockOwner = false;           ///< A member of a class that has a lock among its members.
  std::vector<AtomicOperation> Atomics; ///< In the order of the events.
  /// Of a lambda: its parameter list with parentheses; an empty range where one could be inserted
  /// if it has none; invalid inside macros.
  SourceRange ParameterList;
  std::vector<std::string> NamesWritten; ///< Of a lambda: the identifiers in its text, sorted.
  std::vector<AnnotatedLock> Requires;   ///< Held by every caller, as annotated: REQUIRES.
  bool IsExemptFromAnnotations = false;  ///< NO_THREAD_SAFETY_ANALYSIS
};

struct UnitFacts {
  std::vector<std::string> Files;
  std::vector<Entity> Entities;
  std::vector<FunctionFacts> Functions;
  std::vector<Statement> Statements;
  std::vector<TeamContext> TeamContexts; ///< Empty if the unit knows no teams.
  std::vector<UnsafeCall> UnsafeCalls;
  bool IsCPlusPlus20 = false;
  bool IsC = false;
  std::string GuardMacro; ///< By which the unit's declarations name their guards: "GUARDED_BY".

  FileRange resolve(const SourceRange &R) const {
    return {Files[R.File], R.Begin, R.End, R.Line, R.Column};
  }
};

} // namespace heddle

#endif
