// The facts of a program, linked: what checks read.
#ifndef HEDDLE_MODEL_PROGRAM_PROGRAMMODEL_H
#define HEDDLE_MODEL_PROGRAM_PROGRAMMODEL_H

#include "model/facts/StopRequest.h"
#include "model/program/GuardInference.h"
#include "model/program/Summary.h"
#include "model/program/UncheckedWaits.h"
#include "model/program/locks/LockFault.h"
#include "model/program/locks/LockOrder.h"
#include "model/program/locks/LockWays.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// The locks that are held before an event, for dumps and for checks on locks.
struct LockSetAt {
  FunctionId In = InvalidId;
  SourceRange Where;
  std::vector<HeldLock> Held;
  AccessPath Taken; ///< Of an event that takes a lock without a guard, or makes a guard: the lock.
};

/// A write that the thread does only after having tested the same object, in terms of `Frame`.
struct CheckedWrite {
  FunctionId Frame = InvalidId;
  Operation Write;
};

/// A value that is tested without the lock, tested again under it and written then, where the first
/// test may be met by the write.
struct DoubleCheck {
  CheckedWrite Init;
  ValueTest Outer, Inner;
  HeldLock Lock;
};

/// A value that threads may find empty at the same time, so that each of them fills it.
struct LazyInit {
  CheckedWrite Init;
  ValueTest Test;
  std::optional<Operation> Guarded; ///< An access to the same variable under a lock.
  /// A const member function of a class that owns a lock fills a mutable member without it.
  bool IsPromised = false;
  std::vector<ConcurrentPair> Races; ///< With threads that are in sight; empty if none is.
};

/// A wait at a condition with a lock that does not fit.
struct WaitConflict {
  enum Kind : uint8_t {
    TwoLocks, ///< The condition is waited on with another lock at the same time: First, Second.
    NotHeld,  ///< The lock was never taken by the thread: First.
    /// What First waits for is changed by Second without the lock, and notified then: it falls
    /// between the waiter's look and its wait.
    LostWakeup,
    /// What First waits for is changed by Second after the only notification: woken by that, the
    /// waiter still finds it as it was.
    EarlyNotify,
  };
  Kind What = TwoLocks;
  FunctionId Frame = InvalidId;
  Operation First, Second;
  SourceRange Notified = {}; ///< EarlyNotify
};

/// Built once from the facts of one unit (linked alone) and immutable afterwards; safe to read from
/// several threads. Functions are interpreted bottom-up over the strongly connected components of
/// the call graph; within a component, callees not yet summed up count as doing nothing.
class ProgramModel {
public:
  explicit ProgramModel(UnitFacts Unit, StopRequest Stop = {});

  const UnitFacts &unit() const { return Facts; }
  const Summary &summary(FunctionId Id) const { return Summaries[Id]; }
  /// Pairs of accesses that race, in source order of the first. Empty where nothing is shared.
  const std::vector<ConcurrentPair> &races() const { return Races; }
  /// Pairs of atomic accesses that undo each other's work or hand over an object; see
  /// isAtomicConflict.
  const std::vector<ConcurrentPair> &atomicConflicts() const { return AtomicConflicts; }
  /// Close operations with what other threads do to the channel at the same time.
  const std::vector<ConcurrentPair> &concurrentCloses() const { return Closes; }
  /// Objects that end while a thread that was given them may still use them, in source order.
  const std::vector<OutlivedObject> &outlivedObjects() const { return Outlived; }
  const std::vector<MissedObligation> &missedObligations() const { return Missed; }
  /// Fields and globals that a lock guards, with the accesses that hold it and those that do not.
  const std::vector<GuardedVariable> &guardedVariables() const { return Guarded; }
  /// Whether some caller in sight holds a lock when it calls the function.
  bool isEnteredWithLock(FunctionId Id) const { return EnteredWithLock.count(Id) > 0; }
  /// Whether some function in sight calls or starts it.
  bool isUsedInSight(FunctionId Id) const { return Reached.count(Id) > 0; }
  const std::vector<LockSetAt> &lockSets() const { return LockSets; }
  const std::vector<ThreadRun> &threads() const { return Threads; }
  /// In source order, one for each write.
  const std::vector<DoubleCheck> &doubleChecks() const { return DoubleChecks; }
  /// In source order, one for each write. Their races are not among races().
  const std::vector<LazyInit> &lazyInits() const { return LazyInits; }
  /// Calls that meet in what a library keeps between them. They are not among races().
  const std::vector<ConcurrentPair> &libraryRaces() const { return LibraryRaces; }
  /// Writes that rely on what was read in an earlier critical section of the same lock, in source
  /// order, one for each place.
  const std::vector<StaleAct> &staleActs() const { return StaleActs; }
  /// References, pointers and views of guarded memory that are left behind when the lock is given
  /// back, in source order.
  const std::vector<EscapedReference> &escapedReferences() const { return Escapes; }
  /// What is done to locks that should not be, in source order.
  const std::vector<LockFault> &lockFaults() const { return LockFaults; }

  /// Whether the local lock is held somewhere in its function while something else is done there.
  bool isAtWork(FunctionId In, EntityId LocalLock) const {
    return WorkingLocks.count({In, LocalLock}) > 0;
  }
  /// Where coroutines may be suspended while they hold a lock.
  const std::vector<LockSetAt> &lockedSuspensions() const { return Suspensions; }
  /// Where a guard is made over a lock that is known to be null.
  const std::set<std::pair<SourceRange, FunctionId>> &nullGuards() const { return NullGuards; }
  /// What is done to primitives in a state that does not allow it, in source order.
  const std::vector<PrimitiveMisuse> &primitiveMisuses() const { return Misused; }
  /// Waits at a condition that nothing checks afterwards, in source order.
  const std::vector<UncheckedWait> &uncheckedWaits() const { return Unchecked; }
  /// Waits at conditions with the wrong lock, or changes without it, in source order.
  const std::vector<WaitConflict> &waitConflicts() const { return WaitConflicts; }
  /// Locks that are taken in orders that contradict each other, one entry for each set of locks.
  const std::vector<LockCycle> &lockCycles() const { return LockCycles; }
  /// Calls that block while locks are held, in source order.
  const std::vector<BlockedHolder> &blockedHolders() const { return BlockedHolders; }

  /// A path as a user would write it in the given function.
  std::string spell(const AccessPath &Path, FunctionId In) const;
  /// The same, empty unless the text compiles at any place in that function.
  std::string spellForCode(const AccessPath &Path, FunctionId In) const;

  /// Prints one fact family, readable, sorted by source position: "threads", "locks", "accesses",
  /// "channels" or "contexts".
  void dump(llvm::StringRef Family, llvm::raw_ostream &Out) const;

private:
  friend class FunctionInterpreter;
  /// Functions that lead to each other stand together, callees before callers.
  std::vector<std::vector<FunctionId>> bottomUpOrder() const;
  /// Whether some function of the component starts a thread that runs one of them.
  bool startsItself(const std::vector<FunctionId> &Component) const;
  bool givesConstants(const std::vector<FunctionId> &Component) const;
  /// Interprets the functions once, so that they know each other, and keeps only their summaries.
  void draft(const std::vector<FunctionId> &Component, const std::vector<LockWays> &Ways);
  /// Functions that code which is not seen may call: any public one, unless the program's main
  /// function shows who calls it, and those that nobody in sight calls.
  std::vector<FunctionId> entryPoints() const;
  void dropProtectedByCallers();
  void pairMemberCloses();
  void pairUnderUnseenCallers();
  void noteWrittenSubjects();
  void findSemaphoreLocks();
  void sortInitializations();
  void collectLazyInits(const std::set<FunctionId> &Locked);
  std::set<FunctionId> runUnderLock() const;
  void collectOpenStaleActs();
  void findGuardsOfEscapes();
  void pairConditionWaits();
  void pairLostWakeups();

  UnitFacts Facts;
  std::vector<Summary> Summaries;
  /// The component at hand, if it starts itself.
  struct SelfStart {
    using Ways = SharedSet<AssumedWay>;
    std::set<FunctionId> Members;
    bool GivesConstants = false; ///< To members.
    /// What has to be so, of the thread's own values, at places of members and where they go on to
    /// members.
    std::map<std::pair<FunctionId, SourceRange>, Ways> Behind;
    std::vector<std::pair<FunctionId, Ways>> GoesOn;

    /// Whether a thread of the entry that was started by its own kind may do it as well.
    bool mayDo(FunctionId Entry, const Operation &Op) const;
    /// Whether it is what everybody does in the end who goes on no further: one branch decides
    /// that.
    bool isAtEnd(FunctionId Entry, const Operation &Op) const;

  private:
    bool comesBy(FunctionId Member, SourceRange Where) const;
  } Again;
  std::vector<ConcurrentPair> Races, AtomicConflicts, Closes;
  std::vector<MissedObligation> Missed;
  std::vector<OutlivedObject> Outlived;
  std::vector<LockSetAt> LockSets;
  std::vector<GuardedVariable> Guarded;
  std::vector<ThreadRun> Threads;
  std::vector<StaleAct> StaleActs;
  std::vector<EscapedReference> Escapes;
  std::vector<PrimitiveMisuse> Misused;
  std::vector<UncheckedWait> Unchecked;
  std::vector<WaitConflict> WaitConflicts;
  std::vector<LockFault> LockFaults;
  std::vector<LockCycle> LockCycles;
  std::vector<BlockedHolder> BlockedHolders;
  /// Members that are called with what other members of their object hold: which, by argument;
  /// nothing if they are called in several ways.
  std::map<EntityId, std::vector<EntityId>> CallsWithBeside;
  /// How callables are used that stand in members and globals.
  struct KeptCallables {
    std::map<EntityId, std::set<FunctionId>> Callers; ///< Who calls them, or takes them to call.
    std::set<EntityId> PointedTo;                     ///< Others may set them.
  };
  std::optional<KeptCallables> Kept;
  std::set<FunctionId> Reached; ///< Functions that some function in sight calls or starts.
  /// Functions that some caller enters with a lock held.
  std::set<FunctionId> EnteredWithLock;
  std::vector<bool> IsWritten; ///< By entity: some write of the unit is to it.
  std::vector<bool> IsUpdated; ///< By entity: somebody reads and changes it in one step.
  std::vector<CheckedWrite> CheckedWrites;
  std::vector<DoubleCheck> DoubleChecks;
  std::vector<LazyInit> LazyInits;
  std::vector<ConcurrentPair> LibraryRaces;
  std::set<std::pair<FunctionId, EntityId>> WorkingLocks;
  std::set<std::pair<SourceRange, FunctionId>> NullGuards;
  std::vector<LockSetAt> Suspensions;
  /// Semaphores that are used as a lock: made with one permit, taken and given back in one
  /// function.
  std::set<EntityId> SemaphoreLocks;
  /// Used in the same way, but made with several permits: they neither exclude nor order.
  std::set<EntityId> SharedSemaphores;
  /// Variables that a lock beside them guards at some place.
  std::map<EntityId, Operation> GuardedBySibling;
};

} // namespace heddle

#endif
