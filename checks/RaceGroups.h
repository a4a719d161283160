// Races that have one cause and one cure, and the words for what takes part in them.
#ifndef HEDDLE_CHECKS_RACEGROUPS_H
#define HEDDLE_CHECKS_RACEGROUPS_H

#include "model/program/ProgramModel.h"

#include <set>

namespace heddle {

/// Races on the same variable, of the same object or at a place that another of them shares. The
/// pointers are into the model.
struct RaceGroup {
  EntityId Subject = InvalidId;
  std::set<AccessPath> Paths;
  std::set<SourceRange> Places;
  std::vector<const ConcurrentPair *> Races;

  bool takes(const ConcurrentPair &Race) const;
  void add(const ConcurrentPair &Race);
};

/// The races that the rule for this cause tells, in the order of the first of each group.
/// Without those that another rule tells.
std::vector<RaceGroup>
groupRaces(const ProgramModel &Program, RaceCause Cause,
           llvm::function_ref<bool(const ConcurrentPair &)> IsToldElsewhere = nullptr);

/// The lock that both hold, and both for reading only, where that is all that they hold in common
/// and the first one writes; null otherwise.
const HeldLock *sharedGuard(const ConcurrentPair &Race);

/// "writes", "reads", for containers "changes", "uses"; "frees", "closes" for ends of life.
std::string verb(const Operation &Op);
/// "written", "read", "used", "freed", "closed".
std::string participle(const Operation &Op);

/// The object in quotes: as written where the operation is, and by the name of the variable.
std::string nameOf(const ProgramModel &Program, const Operation &Op);
std::string subjectName(const ProgramModel &Program, const Operation &Op);

/// Whether one of the two comes after the other: it has waited for it, or found out under a lock
/// that it is over.
bool isHandedOver(const Operation &A, const Operation &B);

/// What threads in sight touch; of the rest, only the code around tells whether threads meet there.
std::set<EntityId> subjectsInThreads(const ProgramModel &Program);

} // namespace heddle

#endif
