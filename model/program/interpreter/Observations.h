// What a thread has learned about data that a lock guards, and whether it still holds.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_OBSERVATIONS_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_OBSERVATIONS_H

#include "model/program/Operation.h"
#include "model/program/SharedMap.h"

namespace heddle {

/// A read that some value or some branch depends on. The value of a parameter counts as one as
/// long as the caller is not known: Object is then the parameter itself.
struct Observation {
  AccessPath Object;
  std::vector<uint32_t>
      Keys; ///< What it was asked about (see Event::Inputs), sorted; may be empty.
  std::vector<HeldLock> Open;   ///< Locks held when it was made and ever since.
  std::vector<HeldLock> Closed; ///< Locks held when it was made and given back since.
  bool ByBranch = false;        ///< It decided which value was taken, but is not in the value.
  SourceRange Where;            ///< In the function at hand.
  std::vector<CallStep> Calls;  ///< From there to the read itself.

  bool isParameter() const { return Object.root() == RootKind::Parameter && Object.isRootOnly(); }
  /// Whether both may be about the same key of the same object.
  bool concerns(const AccessPath &Written, bool IsContainer,
                const std::vector<uint32_t> &WrittenKeys) const;
  friend bool operator==(const Observation &A, const Observation &B);
};

using ObservationList = SharedList<Observation>;

/// Adds what is new; returns whether that changed anything.
bool unite(ObservationList &Into, const ObservationList &Other);

/// Value type, part of the abstract state. What variables were computed from is a may fact; that
/// the thread went this way because of an observation must hold on every way to the point.
class Observations {
public:
  bool join(const Observations &Other);
  /// The lock was given back: what was seen under it may change.
  void close(const AccessPath &Lock);
  /// Names that start so mean another object from now on.
  void renamed(const AccessPath &Root);
  /// The thread itself writes to `Path`, holding `Locks`. What it saw in the same critical section
  /// has been made use of; what it knew about the object is no longer what counts.
  void noteWrite(const AccessPath &Path, const std::vector<HeldLock> &Locks);
  /// What the variable was computed from; empty if it is not known.
  const ObservationList *of(const AccessPath &Variable) const;
  /// All that the thread came this way for.
  ObservationList deciding() const;
  bool empty() const { return ByVariable.empty() && Tested.empty(); }

  SharedMap<AccessPath, ObservationList> ByVariable;
  /// By branch (its place) and the way taken there.
  SharedMap<std::pair<uint32_t, uint32_t>, ObservationList> Tested;
  /// Locks under which, since they were taken, it was waited for something to become true, or a
  /// look at guarded data decided for a write.
  PathSet WaitedUnder;
  /// Locks under which the thread has written something on every way to here (a busy flag, itself
  /// into a queue): that may be a claim on what it sees afterwards.
  PathSet WrittenUnder;

private:
  static constexpr size_t MaxVariables = 64;
  /// Drops the observations for which `Drop` holds.
  template <typename Predicate> void eraseIf(Predicate Drop);
};

/// A write that depends on an observation of the same object, with a lock given back and taken
/// again in between. In terms of the function that does both.
struct StaleCheck {
  FunctionId In = InvalidId;
  Observation Seen;
  AccessPath Object;
  AccessPath Lock;
  SourceRange LockedFirst, LockedAgain; ///< Where the lock was taken for the check, for the write.
  SourceRange WrittenAt;                ///< In `In`: the write itself or the call that leads to it.
  std::vector<CallStep> Calls;          ///< From `In` to the write.
  bool IsLost = false; ///< The value read went into what is written: updates in between are lost.
  /// Another one of its kind decided as well, as at the two ends of a queue: who adds at one end is
  /// mostly the only one there.
  bool IsOneEnd = false;
};

/// A stale check that counts: another thread may change the object in between.
struct StaleAct {
  std::shared_ptr<const StaleCheck> Check;
  Operation Act; ///< In terms of `Frame`.
  FunctionId Frame = InvalidId;
  /// What another thread does to the object at the same time, where that is seen.
  std::optional<Operation> Other;
};

/// Whether `Other`, done by another thread in between, takes away what `Act` relies on.
bool invalidates(const Operation &Other, const Operation &Act);

} // namespace heddle

#endif
