// What is known at one point of a function: locks held, guards, what pointers point to, threads
// that may be running, cancels still owed.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_ABSTRACTSTATE_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_ABSTRACTSTATE_H

#include "model/program/SharedMap.h"
#include "model/program/interpreter/EscapedReferences.h"
#include "model/program/interpreter/Notices.h"
#include "model/program/interpreter/Observations.h"
#include "model/program/interpreter/PrimitiveStates.h"
#include "model/program/interpreter/ValueFacts.h"

namespace heddle {

/// A RAII owner of locks.
struct GuardState {
  enum Ownership : uint8_t { No, Yes, Maybe };
  std::vector<AccessPath> Locks;
  Ownership Owns = No;
  bool IsShared = false;
  bool IsInferred = false; ///< See HeldLock.
  friend bool operator==(const GuardState &, const GuardState &) = default;
};

/// A thread that may be running here.
struct LiveThread {
  AccessPath Handle;
  /// Objects that were made anew since the thread was started: by these names it means others.
  PathSet Stale;
  bool IsLost = false;     ///< It may be joined by a name that is not known here.
  bool IsDetached = false; ///< On some way to here nobody can join it any more.
  bool IsCertain = true;   ///< It was started on every way to here.
  bool IsMany = false;     ///< There may be more than one like it.
  PathSet Serves;          ///< It runs what is given to these.
  AccessPath ServedBy;     ///< See ThreadRun.
  bool MetUnknown = false; ///< Code that is not seen was called since: it may have waited.
  ValueFacts Facts;        ///< They hold on every way to here on which it is running (must).
  PathSet Gates;           ///< Locks that have been held here ever since it was started (must).
  PathSet Past;            ///< At its end; see AbstractState.
  bool IsAgain = false;    ///< The place where it was started may have started others before.
  PathSet StaleBefore;     ///< Stale, for those that were started before the last one.
  /// The last one could not be started, so that only those before are left. The next branch may ask
  /// whether there are any, and callers are not told of them.
  bool HasFailed = false;
  friend bool operator==(const LiveThread &, const LiveThread &) = default;
};

/// Something that has to be done before the function ends: calling a cancel function.
struct Obligation {
  SourceRange Where;
  uint32_t Statement = InvalidId; ///< In the function that owes it; InvalidId elsewhere.
  uint32_t Slot = InvalidId;      ///< Of the parameter that came with it; made here if invalid.
  /// What may stand for it: the place where it was made, copies and pointers. Calling one is
  /// enough, and handing one to somebody else ends what this function owes.
  PathSet Holders;
  friend bool operator==(const Obligation &, const Obligation &) = default;
};

/// Barriers that may be the last one passed, as in TeamPlace; 0 is none yet.
using PhaseSet = SharedSet<uint32_t>;

// ElementStores.cpp: what is kept for the elements of an array or a container
/// What they hold where two ways meet.
Value onEitherWay(const Value &A, const Value &B);
/// Where it may be another object in each round: nothing more can be said.
bool isUnsettled(const Value &V);
/// Says how few there are yet, and nothing of what a pointer leads to.
bool isOfElements(const Value &V);
Value withElement(const Value &Before, const Value &Added);

/// Value type; one per program point. `join` merges two ways to a point: must-facts (locks,
/// guards, pointers) are intersected, may-facts (threads, waits, obligations) united. A copy shares
/// its parts with the original until one of them changes, so that copies cost next to nothing.
class AbstractState {
public:
  /// Merges; returns whether this state changed.
  bool join(const AbstractState &Other);

  /// The path after replacing every pointer on the way by what it is known to point to.
  AccessPath resolve(AccessPath Path) const;
  Value resolve(const Value &V) const;

  void acquire(const AccessPath &Lock, bool IsShared, SourceRange Where, bool IsInferred = false);
  void hold(HeldLock Lock);
  bool holds(const AccessPath &Lock) const;
  /// Without those that only some ways hold, and those that may be something else.
  std::vector<HeldLock> certainlyHeld() const;
  /// The caller holds the lock, if nobody here does.
  void acquireGiven(const AccessPath &Lock, bool IsShared, SourceRange Where);
  void release(const AccessPath &Lock);
  void makeGuard(const AccessPath &Guard, GuardState Made, bool Acquires, SourceRange Where);
  /// `IsGiven`: if nothing is known of the guard, a caller knows.
  void lockGuard(const AccessPath &Guard, bool IsGiven, SourceRange Where);
  /// Gives the guard's locks back. `Forget` drops the guard itself as well.
  void unlockGuard(const AccessPath &Guard, bool IsGiven, bool Forget);
  /// A single guard is moved; `IsGiven` is said of it.
  void moveGuard(const AccessPath &From, const AccessPath &To, bool IsGiven);
  void disownGuard(const AccessPath &Guard);

  void store(const AccessPath &Where, const Value &Held);
  /// The array or container of which this names the elements, or a part of each, has none yet.
  void noteNoElements(const AccessPath &Element);
  /// The same as store, if it is known what all elements are that are there by now.
  void addElement(const AccessPath &Element, const Value &Held);
  /// The root of the path is a new object: nothing known about the old one holds.
  void fresh(const AccessPath &Root);
  /// What stood in `From` stands in `To` now: thread handles, guards, pointers, obligations.
  void move(const AccessPath &From, const AccessPath &To);
  /// The same for thread handles alone.
  void moveThread(const AccessPath &From, const AccessPath &To);
  /// Something unseen may change the object.
  void forget(const AccessPath &Object);

  /// Notes what is said of a value, and drops the threads that cannot be running if it holds.
  void learn(const Judgement &Said);
  void forgetFacts(const AccessPath &Changed);
  /// The lock has been given back, if only for a while.
  void openGate(const AccessPath &Lock);
  /// What another thread that is started here has behind it.
  PathSet pastForOthers() const;
  /// The threads that the handle names, or may name, have ended, and those that they have joined;
  /// if it is not known, all but those whose handle is a variable of the function's own.
  void joinThread(const AccessPath &Handle, bool IsEnd = false);
  /// There is no thread by that handle on this way. If it could not be started, only the last one
  /// is missing of those that were started there.
  void dropThread(const AccessPath &Handle, bool HasFailed);
  /// Threads of which it may be asked whether there are any are not followed on.
  void dropFailed();
  /// The runs that end by it. Where none goes by this name, those whose names got lost, unless it
  /// is the handle's own end that waits.
  std::vector<uint32_t> endedBy(const AccessPath &Handle, bool IsEnd = false) const;
  bool hasEnded(uint32_t Run, const PathSet &Joined) const;
  /// The handle itself, and by which names a caller may know it.
  PathSet namesOf(const AccessPath &Handle) const;
  /// Others may join the thread by a name that is not followed.
  void loseHandle(const AccessPath &Handle);
  /// The object itself where the path names another way to the same one: a future stands for its
  /// promise.
  AccessPath syncObject(const AccessPath &Path) const;
  void discharge(const AccessPath &Object);
  bool owes(const AccessPath &Object) const;
  /// `To` may stand for what `From` stands for. Outside of the function's own variables, or among
  /// the elements of something, it is no longer this function's to call.
  void copyObligations(const AccessPath &From, const AccessPath &To);

private:
  /// Where an element that may be any one is set, or one of those that it may be: all hold the
  /// value only if they have held it before.
  Value storeAmong(const AccessPath &Where, const Value &Held);
  /// What is known of the elements of which `To` is one once what `From` holds has become one.
  SharedMap<AccessPath, Value> elementsAfterMove(const AccessPath &From,
                                                 const AccessPath &To) const;
  /// Elements that lead to a variable that is another one from here on.
  void forgetElementsAt(const AccessPath &Root);
  /// Threads that run already mean another object by this name.
  void makeStale(const AccessPath &Object);
  bool joinLive(const AbstractState &Other);
  bool joinTests(const AbstractState &Other);

public:
  bool Reachable = false;
  std::vector<HeldLock> Held;    ///< Sorted by path.
  std::vector<FlagClaim> Claims; ///< In force (must).
  PathSet Released;              ///< Locks given back that were not taken here.
  SharedMap<AccessPath, GuardState> Guards;
  SharedMap<AccessPath, Value> Pointers;
  SharedSet<AssumedWay> Assumed;
  bool assumes(uint64_t Flag) const {
    return llvm::any_of(Assumed, [&](const AssumedWay &Each) { return std::get<2>(Each) == Flag; });
  }
  SharedSet<SlotCondition> Conditions; ///< Parameters that led here (must).
  ValueFacts Facts;                    ///< In functions that start threads (must).
  PhaseSet Phases;                     ///< Barriers that may be the last one passed; see TeamPlace.
  SharedSet<ThreadChoice> Choices;     ///< Branches that sent one thread alone here.
  SharedMap<uint32_t, LiveThread> Live; ///< By index of the run.
  PathSet Waited;
  SharedSet<uint32_t> Offers;             ///< By index of those that this function knows (may).
  SharedMap<AccessPath, PathSet> Fetched; ///< As in Summary (may).
  /// Where the barriers stand that this thread may have come through last; an empty range stands
  /// for the time before the function was entered.
  SharedSet<SourceRange> Phase;
  PathSet Passed;     ///< Locks that were taken on the way.
  PathSet Past;       ///< Locks taken and threads joined (must).
  PathSet Ready;      ///< Tasks whose results are there (must).
  Handovers Believed; ///< Values read that led here.
  PathSet Joined;     ///< Handles of threads that were joined; an unknown one may be any.
  /// What was moved to a variable from where callers can see it, by that variable (may).
  SharedMap<AccessPath, PathSet> Origins;
  SharedMap<AccessPath, Obligation> Obligations; ///< By the place that they were made for.
  SharedMap<AccessPath, ValueTest> Copies;       ///< What a local or a result was read from (must).
  SharedMap<AccessPath, std::vector<ValueTest>> Tests; ///< By the object tested (must).
  Observations Seen;
  Notices Notes;
  SharedMap<AccessPath, Borrow> Borrows; ///< By the local that refers to something.
  PrimitiveStates Primitives;            ///< Set up, torn down (may).
};

} // namespace heddle

#endif
