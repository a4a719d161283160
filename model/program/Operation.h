// What a function does to memory and channels that others can reach, as its callers see it.
#ifndef HEDDLE_MODEL_PROGRAM_OPERATION_H
#define HEDDLE_MODEL_PROGRAM_OPERATION_H

#include "model/program/PathSet.h"
#include "model/program/UnitFacts.h"

#include <map>
#include <memory>
#include <set>

namespace heddle {

/// A call on the way from a frame to an operation.
struct CallStep {
  SourceRange Where;
  FunctionId Callee = InvalidId;
};

/// A lock that is held for certain. An unknown path is a lock that cannot be named: it may be any.
struct HeldLock {
  AccessPath Path;
  bool IsShared = false;
  SourceRange Where; ///< Where it was taken.
  /// Taken by a caller, as an annotation or an assertion says: nothing that this function owes.
  bool IsGiven = false;

  friend bool operator==(const HeldLock &A, const HeldLock &B) {
    return A.Path == B.Path && A.IsShared == B.IsShared;
  }
};

/// How the thread that runs an operation came to be; null stands for the frame's own thread.
struct ThreadOrigin {
  SourceRange Spawn;
  FunctionId Spawner = InvalidId; ///< Function that contains the spawn.
  FunctionId Entry = InvalidId;
  std::vector<CallStep> Calls; ///< From the frame to the spawner.
  std::shared_ptr<const ThreadOrigin> Parent;
};

/// A read, write or channel operation. Paths are in terms of the frame (the function whose summary
/// holds it): its parameters, captures, globals and locals.
struct Operation {
  EventKind Kind = EventKind::Read;
  uint64_t Flags = NoFlags;
  uint32_t Statement = InvalidId;
  FunctionId In = InvalidId; ///< The function that contains the event.
  AccessPath Path;
  AccessPath LocalPath; ///< As it stands in `In`, for fixes made there.
  SourceRange Where;
  std::vector<HeldLock> Locks;
  PathSet Waited;  ///< Objects that this thread waited for before (may).
  PathSet Signals; ///< Objects that this thread signals afterwards (may).
  PathSet Joined;  ///< Handles of threads that this thread joined before (may).
  std::vector<CallStep> Calls;
  std::shared_ptr<const ThreadOrigin> Origin;
  std::shared_ptr<const TeamPlace> Team; ///< Where the team is then; null in units without teams.

  bool isAccess() const {
    return Kind == EventKind::Read || Kind == EventKind::Write || Kind == EventKind::Update;
  }
  bool isWrite() const { return Kind == EventKind::Write || Kind == EventKind::Update; }
  bool isChannelOperation() const {
    return Kind == EventKind::Send || Kind == EventKind::Receive || Kind == EventKind::Close;
  }
};

/// A thread that has been started, with all that it does.
struct ThreadRun {
  std::shared_ptr<const ThreadOrigin> Origin;
  AccessPath Handle;
  /// What it runs and with which arguments, where only the caller knows: in terms of the frame.
  Value Callable;
  std::vector<Value> Arguments;
  AccessPath Finished; ///< Signalled when the callable returns: the task object itself.
  std::vector<Operation> Operations;
  std::set<uint32_t> HeapSites; ///< Objects that it makes for itself in every run.
  /// In a summary: joined again before the return, but only the caller knows what it runs. Meets
  /// those of the summary's other runs that are listed.
  bool IsOver = false;
  std::set<uint32_t> Beside;
};

/// Two operations that no join, no signal and no common lock keeps apart.
struct ConcurrentPair {
  FunctionId Frame = InvalidId; ///< The function in whose frame both are seen.
  Operation First, Second;      ///< For accesses, First writes. For channels, First closes.
  /// For channels: what the closing thread does with the channel besides.
  bool CloserReceives = false, CloserSends = false;
  /// What the sending thread does: closes as well; is the only one that sends.
  bool SenderCloses = false, HasOneSender = false;
};

/// Whether two accesses conflict and nothing known to the model orders them. `Stale` holds roots
/// that meant another object when the second thread was started.
/// `SameTeam`: both are done in one team, the second by another of its threads.
/// Source: the lock-set condition of Eraser (Savage et al., 1997), with happens-before exclusions.
bool isRace(const UnitFacts &Unit, const Operation &A, const Operation &B, const PathSet &Stale,
            bool SameTeam = false);

/// Whether a wait in one thread answers a signal in the other between the two operations. Signals
/// through `Except` do not count.
bool isOrdered(const Operation &A, const Operation &B, const AccessPath &Except = {});

} // namespace heddle

#endif
