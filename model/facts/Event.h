// What a function does, step by step: the events of its blocks, and the ways between them.
#ifndef HEDDLE_MODEL_FACTS_EVENT_H
#define HEDDLE_MODEL_FACTS_EVENT_H

#include "model/facts/AccessPath.h"
#include "model/facts/Source.h"
#include "model/facts/TeamFacts.h"

#include <vector>

namespace heddle {

/// One thing that a function does, in execution order within its block. The comment of each kind
/// says which members it uses; `Where` is always set.
enum class EventKind : uint8_t {
  // memory
  Read,    ///< Path. Flags: Atomic, Relaxed
  Write,   ///< Path. Flags: Atomic, Relaxed, Container. Values[0]: what is stored, if of interest
  Update,  ///< Path, read and written in one go. Flags: Atomic
  Store,   ///< the pointer-like variable Path now holds Values[0]
  Fresh,   ///< Path's root is a new object from here on (declaration reached, allocation)
  Move,    ///< what Values[0].Path held (thread, guard, pointer, obligation) is now in Path. Flags:
           ///< OfGuard, Replaces
  Destroy, ///< end of the handle or guard Path, or with Primitive of a lock. Flags: Joins, Stops
  Escape,  ///< the object Path becomes reachable for code that is not seen
  End,     ///< the variable Path, whose address is taken somewhere, is gone
  // control
  Call,        ///< Callee with Values as slots 0.. (0 is `this`); result in Path. Flags: Deferred:
               ///< a coroutine that may begin later than this
  CallValue,   ///< calls the callable Values[0] with Values[1..] as slots 1..; result in Path
  UnknownCall, ///< a function without a visible body; Values are what it can reach
  // threads
  Spawn,    ///< runs Values[0] with Values[1..]; handle in Path. Flags: Joins, Stops, Parallel,
            ///< Deferred: after those that were given to this handle before; Served: by threads
            ///< that serve the handle, which is none of its own; Claimed: none has it yet
  SpawnAsk, ///< Values[0]: holds zero if the thread of the handle Path has been started
  Join,     ///< Path: the handle. On the edge out of a loop, with Callee and Values as slots: what
            ///< that function joins
  Detach,   ///< Path
  StopThread, ///< Path: the thread was asked to end
  Serve,      ///< The calling thread runs what was and is given to Path, for as long as that lasts
  Offer,      ///< the callable Values[0] is put into Path. Beyond it, in pairs, what is put beside
              ///< it: a Load of the field, as Global, and the value
  // locks
  Acquire,     ///< Path. Flags: Shared. Values[0]: a result that is zero if it was taken, if any
  Release,     ///< Path. Flags: Shared
  GuardMake,   ///< Path: guard; Values point to its locks. Flags: Deferred, Adopted, Tried, Shared
  GuardLock,   ///< Path
  GuardUnlock, ///< Path
  GuardDisown, ///< Path: locks stay held, the guard forgets them
  GuardOwned,  ///< on an edge: the guard Path is known to own its locks
  GuardFree,   ///< on an edge: the guard Path is known not to own them
  // happens-before
  Signal, ///< Path: what was done before is visible to who waits for Path
  Wait, ///< Path. At a condition: Values[0]: its lock, a Load if that is a guard's; Values[1]: the
        ///< predicate, if it is given one. Flags: Meeting, Bounded
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
  Return, ///< Values[0]: value returned; more of them: what it was chosen from by ?:
  // teams of threads
  Barrier, ///< all threads of the team meet; Values[0]: a number that is unique for the place
  Choose,  ///< on an edge: taken by one thread alone; Values[0]: the variable that says which,
           ///< unknown if it cannot be told; Values[1]: its value
  // what is known about single values
  Copied, ///< the local Path (or the result) holds what Values[0], a Load, held when it was read,
          ///< or the constant Values[0]; unknown: something else. Flags: Atomic, Relaxed
  Found,  ///< on an edge: Path was read, or is a parameter that never changes, and is equal to
          ///< Values[0], null or a constant. Flags: Differs: it is not; Atomic, Relaxed: how it
          ///< was read
  // signals
  Handler, ///< Values[0]: a function that a signal may call from now on, or where it is kept;
           ///< Values[1]: index into UnitFacts::HandlerInstalls
  Hazard,  ///< Values[0]: index into UnitFacts::SignalHazards
  AtExit,  ///< Values[0] is called when the program ends
  // where values come from; a source is a Load, its Bound are numbers for what it was asked about
  Use,    ///< what the reference, pointer, iterator or view Path refers to is looked at
  Derive, ///< the variable Path is computed from the sources Values. Flags: Adds
  Test,   ///< on an edge: Values[0]: which way; taken because of the sources in the others. Path,
          ///< if known: was read and compared with something: with Raises it is at least that, with
  ///< Lowers at most, otherwise equal; Values[0].Bound[0]: with what, where that is a number
  // coroutines
  Suspend, ///< the coroutine may go on later, in another thread
  Inputs,  ///< about the next write or call: Values[0].Bound: what it is asked about; Values[1] and
           ///< on: the sources (Bound) of what is written, or of the callee's slots 0 and on
  // locks, for analyses that tell ways apart
  TryLock,    ///< Path: a lock that is asked for; Values[0]: where the answer is. Flags: Shared,
              ///< OnZero: zero is a yes, ResultUnused. What a yes means stands on edges as well
  GuardTry,   ///< The same of a guard
  GuardAsk,   ///< Values[0]: holds whether the guard Path owns its locks. Flags: OnZero
  LockInit,   ///< Path: a lock is set up. Flags: Reentrant. Values[0]: what it is told to be, if
              ///< anything
  LockKind,   ///< Path: what describes locks. Flags: Reentrant: their owner may take them again
  LockRobust, ///< Path: locks that are set up with it may be left behind by a thread that ends
  ThreadExit, ///< the calling thread ends here
  NoneHeld,   ///< the thread says that it holds no lock
  Judged,     ///< Values[0]: index into FunctionFacts::Judgements
  // what may keep a thread waiting while it holds locks
  CancelPoint, ///< the thread ends here if it has been cancelled
  Block,       ///< a call that may take for ever. Path: what is waited for, if it can be named;
  ///< Values[0]: loads an entity that says in words what the call does; Values[1]: points to
  ///< the lock or guard that is given back meanwhile. Flags: Bounded, UntilSignal, Joins: for the
  ///< result of a task, which comes once and for all. Values[2]: loads what may be Ready before
  Ready, ///< the result of the task Path is there, or is made by who asks for it; see also Block
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
  Ends = 1ULL << 18,    ///< Write: the object is no more: freed, deleted, closed, destroyed;
                        ///< Destroy, block: elements of a container, if there are any
  Scalar = 1ULL << 20,  ///< Accesses: a single number or pointer, nothing around it
  Usage = 1ULL << 19,   ///< Read: the object has to be there, but what it holds is not looked at
  Descriptor = 1ULL << 21, ///< Accesses: of the open file that a number stands for
  Library = 1ULL << 16, ///< UnknownCall: of a library, which knows nothing of the project's threads
  Served = 1ULL << 22,  ///< Spawn: see there
  OfGuard = 1ULL << 23, ///< Move: of a single guard
  Replaces = 1ULL << 25, ///< Move: what stood in Path before ends
  Raises = 1ULL << 25,   ///< Update: counts up; Test: see there
  Lowers = 1ULL << 26,   ///< Update: counts down; likewise
  Given = 1ULL << 24,    ///< Acquire: the caller holds it, an assertion says so
  Dispatch = 1ULL << 30, ///< Usage: by a virtual call. Offer: of a virtual function. Write with
                         ///< Ends: the destructor begins, and virtual calls go elsewhere from here
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
  OfOneThread = 1ULL << 27, ///< Assume, accesses: the thread has found that it is a certain one
  Meeting = 1ULL << 45,     ///< Wait, Usage: at a barrier, for all that come there
  OnZero = 1ULL << 46,      ///< CallOutcome: the outcome is zero
  // primitives and conditions
  Primitive = 1ULL << 53, ///< Write, ChannelMake: by a call that sets a primitive up, or with Ends
                          ///< tears it down; Values[0], a Load: what the call returned
  Raw = 1ULL << 55,       ///< Fresh: a primitive in it has yet to be set up
  Missing = 1ULL << 60,   ///< Join: there is no thread on this way; Tried: it failed to start
};

/// Flags of events that take or give back locks.
enum LockEventFlags : uint64_t {
  Reentrant = 1ULL << 48,  ///< The lock's owner may take it again.
  ChosenKind = 1ULL << 49, ///< Whether it may is decided where the lock is set up.
  AnyMode = 1ULL << 50,    ///< Release: of a lock held in either mode.
  Together = 1ULL << 51, ///< Acquire, GuardLock: one of several that a call takes without an order;
                         ///< TryLock: Values name the others, behind the answer
  Bounded = 1ULL << 52,  ///< Block, Wait: ends by itself before long
  Lenient = 1ULL << 56,  ///< GuardMake: told again what it has done already, it does nothing
  UntilSignal = 1ULL << 59, ///< Block: ends when a signal handler has run
  Cancels = 1ULL << 58,     ///< StopThread: it ends at its next cancellation point
  Blind = 1ULL << 57, ///< GuardMake: does to its locks what it is told, whether it owns them or not
};

/// Flags of accesses that concern atomics and what is used like them.
enum AtomicEventFlags : uint64_t {
  Volatile = 1ULL << 40,    ///< The variable is volatile and nothing more.
  Polled = 1ULL << 41,      ///< Read: a loop goes on until the value changes.
  UsesPointee = 1ULL << 42, ///< Read: the pointer that was read is followed or handed on.
  MakesPublic = 1ULL << 43, ///< Write, Update: of a pointer to an object that this thread made.
  Split = 1ULL << 44,       ///< Write: of a value that an earlier read of the same object decided.
  Takes = 1ULL << 47, ///< Read, Update: of a number that is a lock, to take it; see SpinLocks.h
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
  Jumps,        ///< ends in a jump out of the function (longjmp)
  NeverReturns, ///< ends in a call that ends the thread or the program in order (exit)
  GivesUp,      ///< ends in a written call that ends the program as broken (abort, terminate)
  Aborts,       ///< ends in such a call inside a macro: a failed assertion
};

struct Block {
  std::vector<Event> Events;
  std::vector<Edge> Successors;
  Leaving Leaves = Leaving::Normally;
};

} // namespace heddle

#endif
