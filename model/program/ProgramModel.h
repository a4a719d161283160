// The facts of a program, linked: what checks read.
#ifndef HEDDLE_MODEL_PROGRAM_PROGRAMMODEL_H
#define HEDDLE_MODEL_PROGRAM_PROGRAMMODEL_H

#include "model/program/GuardInference.h"
#include "model/program/Summary.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// The locks that are held before an event, for dumps and for checks on locks.
struct LockSetAt {
  FunctionId In = InvalidId;
  SourceRange Where;
  std::vector<HeldLock> Held;
};

/// Built once from the facts of one unit (linked alone) and immutable afterwards; safe to read from
/// several threads. Functions are interpreted bottom-up over the strongly connected components of
/// the call graph; within a component, callees not yet summed up count as doing nothing.
class ProgramModel {
public:
  explicit ProgramModel(UnitFacts Unit);

  const UnitFacts &unit() const { return Facts; }
  const Summary &summary(FunctionId Id) const { return Summaries[Id]; }
  /// Pairs of accesses that race, in source order of the first. Empty where nothing is shared.
  const std::vector<ConcurrentPair> &races() const { return Races; }
  /// Close operations with what other threads do to the channel at the same time.
  const std::vector<ConcurrentPair> &concurrentCloses() const { return Closes; }
  const std::vector<MissedObligation> &missedObligations() const { return Missed; }
  /// Fields and globals that a lock guards, with the accesses that hold it and those that do not.
  const std::vector<GuardedVariable> &guardedVariables() const { return Guarded; }
  /// Whether some caller in sight holds a lock when it calls the function.
  bool isEnteredWithLock(FunctionId Id) const { return EnteredWithLock.count(Id) > 0; }
  const std::vector<LockSetAt> &lockSets() const { return LockSets; }
  const std::vector<ThreadRun> &threads() const { return Threads; }

  /// A path as a user would write it in the given function.
  std::string spell(const AccessPath &Path, FunctionId In) const;
  /// The same, empty unless the text compiles at any place in that function.
  std::string spellForCode(const AccessPath &Path, FunctionId In) const;

  /// Prints one fact family, readable, sorted by source position: "threads", "locks", "accesses",
  /// "channels" or "contexts".
  void dump(llvm::StringRef Family, llvm::raw_ostream &Out) const;

private:
  friend class FunctionInterpreter;
  std::vector<FunctionId> bottomUpOrder() const;
  void dropProtectedByCallers();
  void pairMemberCloses();

  UnitFacts Facts;
  std::vector<Summary> Summaries;
  std::vector<ConcurrentPair> Races, Closes;
  std::vector<MissedObligation> Missed;
  std::vector<LockSetAt> LockSets;
  std::vector<GuardedVariable> Guarded;
  std::vector<ThreadRun> Threads;
  /// Functions that some caller enters with a lock held.
  std::set<FunctionId> EnteredWithLock;
};

} // namespace heddle

#endif
