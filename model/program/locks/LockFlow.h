// Which locks are held on which ways through the functions of a program, and what is wrong with
// that.
#ifndef HEDDLE_MODEL_PROGRAM_LOCKS_LOCKFLOW_H
#define HEDDLE_MODEL_PROGRAM_LOCKS_LOCKFLOW_H

#include "model/program/Summary.h"
#include "model/program/locks/LockFault.h"
#include "model/program/locks/LockWays.h"

namespace heddle {

/// A lock that a function takes before it has done anything else to it.
struct LockTouch {
  AccessPath Lock;
  uint64_t Flags = 0; ///< Of the event.
  SourceRange Where;
  std::vector<CallStep> Calls;
  SharedMap<AccessPath, Bounds> Conditions; ///< What the caller gave, for it to happen.
};

/// A call of something that the function was given, while it holds locks.
struct LockedCall {
  Value Callable;
  std::vector<Value> Arguments;
  std::map<AccessPath, LockFact> Held;
  SourceRange Where;
  std::vector<CallStep> Calls;              ///< To the call.
  SharedMap<AccessPath, Bounds> Conditions; ///< What the caller gave, for it to happen.
};

/// What calls of a function do to locks, in terms of its parameters, captures and globals.
struct LockSummary {
  struct Outcome {
    std::map<AccessPath, LockFact> Locks;
    std::map<AccessPath, GuardFact> Guards;
    Bounds Result;
    SharedMap<AccessPath, Bounds> Conditions;
    SharedMap<AccessPath, Bounds> Values; ///< Of memory that it has set: what is there afterwards.
  };
  bool IsComputed = false;
  bool IsOpaque = false;         ///< May do anything to any lock.
  bool RunsUnknown = false;      ///< Calls code of the project that is not seen.
  bool TakesUnnamed = false;     ///< May leave a lock held that the caller has no name for.
  std::vector<Outcome> Outcomes; ///< None: it does not come back.
  std::vector<LockTouch> Touches;
  std::vector<LockedCall> LockedCalls;
  PathSet Lost; ///< Locks and guards of which nothing is known afterwards.
  bool isIdle() const;
};

/// Locks that a thread may leave behind when it ends: the next who asks for them is told.
std::set<EntityId> findRobustLocks(const UnitFacts &Unit);

/// Interprets every function over bounded sets of states, one for each way in which locks are held:
/// ways that differ in locks alone are told apart, with the conditions that led there. A lock or
/// way that cannot be followed leads to no fault. Built once per program.
class LockFlow {
public:
  /// `Memory`, by function, is read as it stands when a caller of the function is followed.
  LockFlow(const UnitFacts &Unit, llvm::ArrayRef<Summary> Memory);

  /// To be called once for every function, callees first.
  LockWays follow(FunctionId Id);

  /// In source order, one for each place and lock. Requires that all functions have been followed.
  std::vector<LockFault> faults();

private:
  friend class LockInterpreter;
  void collectKinds();
  void collectEntries();
  void collectDeciding();
  void collectOpen();
  void collectComputed();
  /// What a condition is computed from: that of the function, or else of any that asks it.
  const Judgement *computed(uint32_t Number, FunctionId In) const;
  void dropGivenElsewhere();
  bool isWorthLooking(FunctionId Id) const;
  bool isPlain(const AccessPath &Lock, uint64_t Kind) const;
  /// Nothing that is not seen can name the lock.
  bool isOurs(const AccessPath &Lock) const;
  bool isRobust(const AccessPath &Lock) const { return Robust.count(Lock.subject()) > 0; }

  const UnitFacts &Unit;
  llvm::ArrayRef<Summary> Memory;
  std::vector<LockSummary> Summaries;
  std::set<EntityId> PlainKinds, OtherKinds; ///< Locks set up as plain, or in some other way.
  std::set<EntityId> Robust;   ///< Locks that their owner may leave behind when it ends.
  std::set<EntityId> Deciding; ///< Variables and members that some branch asks about.
  std::set<EntityId> Open;     ///< See LockWays::finish.
  std::map<std::pair<uint32_t, FunctionId>, const Judgement *> Computed; ///< By number, function.
  std::map<FunctionId, SourceRange> Entries; ///< Functions that only ever run as a thread's first.
  std::set<EntityId> GivenBack; ///< Locks that somebody gives back whom another function gave them.
  std::set<FunctionId> Called;  ///< Called, or handed to somebody who may.
  std::map<FunctionId, std::set<SourceRange>> HandedAt; ///< Where functions are values.
  std::set<FunctionId> GivenBackFor; ///< Functions whose callers give back what they have taken.
  std::vector<LockFault> Faults;
};

} // namespace heddle

#endif
