// What a function does to memory and channels that others can reach, as its callers see it.
#ifndef HEDDLE_MODEL_PROGRAM_OPERATION_H
#define HEDDLE_MODEL_PROGRAM_OPERATION_H

#include "model/facts/UnitFacts.h"
#include "model/program/Handover.h"
#include "model/program/Notice.h"
#include "model/program/PathSet.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <tuple>

namespace heddle {

/// A call on the way from a frame to an operation.
struct CallStep {
  SourceRange Where;
  FunctionId Callee = InvalidId;
};

/// What a parameter of the frame has been found to be: equal to a number, or (Differs) not.
struct SlotCondition {
  uint32_t Slot = 0;
  int64_t Number = 0;
  bool Differs = false;
  friend auto operator<=>(const SlotCondition &, const SlotCondition &) = default;
};

/// A lock that is held for certain. An unknown path is a lock that cannot be named: it may be any.
struct HeldLock {
  AccessPath Path;
  bool IsShared = false;
  SourceRange Where; ///< Where it was taken.
  /// Of several objects of a kind, a condition chose this one to come before the one waited for.
  bool IsOrdered = false;
  /// Taken by a caller, as an annotation or an assertion says: nothing that this function owes.
  bool IsGiven = false;
  /// Only some of the ways that lead here hold it, and the others have not taken it: those on which
  /// the parameter is as Condition says. Without a Condition something else says so, of which it is
  /// taken that it keeps other threads away where the lock is not held.
  bool IsConditional = false;
  std::optional<SlotCondition> Condition = {};
  /// A number that looks like a lock, see SpinLocks.h: it keeps threads apart, and nobody is blamed
  /// for holding it.
  bool IsInferred = false;

  friend bool operator==(const HeldLock &A, const HeldLock &B) {
    return A.Path == B.Path && A.IsShared == B.IsShared && A.IsConditional == B.IsConditional &&
           A.Condition == B.Condition;
  }
};

/// A flag that keeps other threads away: see FlagClaims.h.
struct FlagClaim {
  AccessPath Flag;
  bool IsSet = false; ///< By this thread; otherwise found clear, under a lock that is still held.
  friend bool operator==(const FlagClaim &, const FlagClaim &) = default;
};

/// How the thread that runs an operation came to be; null stands for the frame's own thread.
struct ThreadOrigin {
  SourceRange Spawn;
  FunctionId Spawner = InvalidId; ///< Function that contains the spawn.
  FunctionId Entry = InvalidId;
  std::vector<CallStep> Calls; ///< From the frame to the spawner.
  std::shared_ptr<const ThreadOrigin> Parent;
  bool IsServed = false; ///< Given to threads that were there already, rather than started.
};

/// A test of a value on the way to where it is written, or a copy of it that may be tested yet.
struct ValueTest {
  AccessPath Of;
  FunctionId In = InvalidId;
  SourceRange Where; ///< Where the value was read.
  uint64_t Flags = NoFlags;
  Value Against; ///< It was found equal to this, or other than this if Flags has Differs.
  std::vector<HeldLock> Locks;
  std::vector<CallStep> Calls; ///< From the frame to In.
  bool HasWork = false;        ///< Something was done between the test and the write.

  /// One place, reached by the same calls: a helper that is asked twice makes two tests.
  bool isSameTest(const ValueTest &Other) const {
    if (!(Where == Other.Where) || Calls.size() != Other.Calls.size())
      return false;
    for (size_t I = 0; I < Calls.size(); ++I)
      if (!(Calls[I].Where == Other.Calls[I].Where))
        return false;
    return true;
  }
  friend bool operator==(const ValueTest &A, const ValueTest &B) {
    return A.Of == B.Of && A.isSameTest(B) && A.Flags == B.Flags && A.Locks == B.Locks &&
           A.HasWork == B.HasWork;
  }
};
struct StaleCheck;

/// A way that only the thread takes which an atomic update has let through.
struct AccessClaim {
  FunctionId In = InvalidId;
  uint32_t Branch = 0, Way = 0;
  bool isKnown() const { return In != InvalidId; }
  friend bool operator==(const AccessClaim &, const AccessClaim &) = default;
};

/// A read, write or channel operation; or a signal that is given after waiting. Paths are in terms
/// of the frame (the function whose summary holds it): its parameters, captures, globals and
/// locals.
struct Operation {
  EventKind Kind = EventKind::Read;
  uint64_t Flags = NoFlags;
  uint32_t Statement = InvalidId;
  FunctionId In = InvalidId; ///< The function that contains the event.
  AccessPath Path;
  AccessPath LocalPath; ///< As it stands in `In`, for fixes made there.
  SourceRange Where;
  std::vector<HeldLock> Locks;
  std::vector<FlagClaim> Claims;
  SharedSet<SourceRange> Phase; ///< As in AbstractState.
  PathSet Waited;               ///< Objects that this thread waited for before (may).
  PathSet Signals;              ///< Objects that this thread signals afterwards (may).
  PathSet Joined;               ///< Handles of threads that this thread joined before (may).
  PathSet Past;        ///< Locks that it took and handles of threads that it joined before (must).
  Handovers Published; ///< Atomic and volatile objects that this thread stores to afterwards (may).
  Handovers Believed;  ///< Those whose value led here (may).
  NoticeSet Told;      ///< What this thread tells others under locks afterwards (may).
  NoticeSet Noticed;   ///< What it was told under locks before (must).
  std::vector<CallStep> Calls;
  std::shared_ptr<const ThreadOrigin> Origin;
  std::shared_ptr<const TeamPlace> Team; ///< Where the team is then; null in units without teams.
  /// In another thread: the parameter or capture of Origin->Entry through which it gets there.
  AccessPath Through;
  /// For writes: the tests of the same object that every way passes before, outermost first. Null
  /// if there is none.
  std::shared_ptr<const std::vector<ValueTest>> Tests;
  /// For writes: what decided for it or went into it, if that may no longer hold; null otherwise.
  std::shared_ptr<const StaleCheck> Check;
  SharedSet<SlotCondition> Conditions; ///< Without these it is not done.
  /// For calls that block: the entity that says what they do; the lock or guard that is given back
  /// meanwhile, as long as it is not among Locks; where a thread that is waited for needs a lock
  /// that is held, if it does.
  EntityId Does = InvalidId;
  AccessPath GivenBack;
  std::shared_ptr<const Operation> Needed;
  uint32_t FromSlots = 0;     ///< For writes: parameters whose values go into what is written.
  std::vector<uint32_t> Keys; ///< For writes: see Event::Inputs; sorted.
  /// For waits at a condition, whose object is Path: the lock that is given back meanwhile.
  AccessPath WaitLock;
  PathSet Predicate; ///< Likewise: the memory that decides whether to go on waiting.

  /// With the flag Claimed: the branch on the outcome, and which way of it.
  AccessClaim ClaimedBy;

  bool isAccess() const {
    return Kind == EventKind::Read || Kind == EventKind::Write || Kind == EventKind::Update;
  }
  bool isWrite() const { return Kind == EventKind::Write || Kind == EventKind::Update; }
  bool isConditionWait() const { return Kind == EventKind::Wait; }
  bool isChannelOperation() const {
    return Kind == EventKind::Send || Kind == EventKind::Receive || Kind == EventKind::Close;
  }
};

/// A way taken at a branch on a value of the thread's own: place of the branch, which way, and the
/// flag of what is done there: Selective; Claimed, where the value was claimed by an atomic update,
/// which only one thread gets; or OfOneThread.
using AssumedWay = std::tuple<uint32_t, uint32_t, uint64_t>;

/// An object that a thread was given by reference or pointer, in terms of the frame.
struct GivenObject {
  AccessPath Object;
  AccessPath Through; ///< The parameter or capture of the thread's entry.
  SourceRange Used;   ///< Captures: where the entry mentions it first; may be invalid.
};

/// What is known of a thread, whichever part of its work is looked at.
struct ThreadTraits {
  std::shared_ptr<const ThreadOrigin> Origin;
  AccessPath Handle;
  bool IsLost = false, IsDetached = false, IsCertain = true; ///< See LiveThread.
  AccessPath ServedBy;   ///< A task for the one thread that serves this object; else unknown.
  bool IsServed = false; ///< A task for threads that serve something.
  bool IsOnce = false;   ///< Started where only one thread ever comes, and only once.
  bool IsSole = false;   ///< No other thread has its handle meanwhile.
};

/// A thread that has been started, with all that it does.
struct ThreadRun : ThreadTraits {
  ThreadRun() = default;
  explicit ThreadRun(const ThreadTraits &Known) : ThreadTraits(Known) {}

  std::vector<GivenObject> Given;
  /// All that it signals at some time; with Callable: what it signals after that, and what it waits
  /// for before.
  PathSet Signals, Waited;
  PathSet Past;              ///< As in Summary.
  bool CallsUnknown = false; ///< It calls code that is not seen, which may signal anything.
  bool Terminates = false;   ///< Its handle's destructor ends the program if it is live.
  bool JoinsAtEnd = false;   ///< Its handle's destructor waits for it.
  /// What it runs and with which arguments, where only the caller knows: in terms of the frame.
  Value Callable;
  std::vector<Value> Arguments;
  AccessPath Finished; ///< Signalled when the callable returns: the task object itself.
  std::vector<Operation> Operations;
  std::vector<Operation> LockUses; ///< As in Summary.
  PathSet Serves;                  ///< Likewise.
  std::set<uint32_t> HeapSites;    ///< Objects that it makes for itself in every run.
  /// In a summary: whether it may be running where the function has returned zero or null, and
  /// where it has returned something else.
  std::array<bool, 2> MayRunOn = {true, true};
  /// In a summary: joined again before the return, but only the caller knows what it runs.
  bool IsOver = false;
  /// In a summary: those of its other runs that may be running when this one starts.
  std::set<uint32_t> Beside;
  /// In a summary, if it is beside itself: what is another object for each time that it is started.
  PathSet Renewed;
};

/// An object of a frame that ends while a thread that was given it may still use it.
struct OutlivedObject {
  FunctionId Frame = InvalidId;
  AccessPath Object; ///< A local variable or a parameter by value.
  SourceRange Ends;
  Operation Use;     ///< What the thread does with it.
  AccessPath Handle; ///< Of the thread, when the object ends.
  bool IsDetached = false;
  bool JoinsLater = false; ///< The handle's destructor waits, but only after the object has ended.
};

/// What would have kept two racing accesses apart, had it been done right. Each cause has a rule.
enum class RaceCause : uint8_t {
  NoProtection,
  MixedAccess,  ///< One of them is atomic, the other is not.
  RelaxedOrder, ///< An atomic passes from one to the other, but orders nothing.
  VolatileFlag, ///< The same, with a volatile variable; or the race is on that variable.
};

/// Two operations that no join, no signal and no common lock keeps apart.
struct ConcurrentPair {
  FunctionId Frame = InvalidId; ///< The function in whose frame both are seen.
  Operation First, Second;      ///< For accesses, First writes. For channels, First closes.
  /// For channels: what the closing thread does with the channel besides.
  bool CloserReceives = false, CloserSends = false;
  /// What the sending thread does: closes as well; is the only one that sends.
  bool SenderCloses = false, HasOneSender = false;
  /// For accesses: whose rule tells the race; of RelaxedOrder, and of VolatileFlag if the race is
  /// on what the flag hands over, the store and the read that were to order the two.
  RaceCause Cause = RaceCause::NoProtection;
  Handover Published = {}, Passed = {};
};

/// True if the two locks are certainly different objects.
bool areDistinctLocks(const AccessPath &A, const AccessPath &B);

/// Whether two accesses conflict and nothing known to the model orders them. `Stale` holds roots
/// that meant another object when the second thread was started.
/// `SameTeam`: both are done in one team, the second by another of its threads. `IsStarter`: the
/// second is done by a thread that runs since before the first.
/// Source: the lock-set condition of Eraser (Savage et al., 1997), with happens-before exclusions.
bool isRace(const UnitFacts &Unit, const Operation &A, const Operation &B, const PathSet &Stale,
            bool SameTeam = false, bool IsStarter = false);

/// Of two accesses that race, which one is told first: a write before a read, what lacks a lock
/// before what has one, then what stands first.
bool isBlamedBefore(const Operation &Op, const Operation &Other);

/// Whether two atomic accesses to one object meet of which it matters that they do: stores that
/// undo each other's work, or an object that is made public and followed.
bool isAtomicConflict(const UnitFacts &Unit, const Operation &A, const Operation &B,
                      const PathSet &Stale, bool SameTeam = false);

/// Fills in Cause, Published and Passed of races; those on one variable get one cause.
void findCauses(const UnitFacts &Unit, std::vector<ConcurrentPair> &Races);

/// Whether the one thread tells the other, after what it does here, something that the other has
/// heard before it does this. `Counts` says of a signal whether it is one that orders the two.
bool comesBefore(const Operation &From, const Operation &To,
                 llvm::function_ref<bool(const AccessPath &)> Counts);

/// Whether a wait in one thread answers a signal in the other between the two operations. Signals
/// through `Except` do not count.
bool isOrdered(const Operation &A, const Operation &B, const AccessPath &Except = {});

} // namespace heddle

#endif
