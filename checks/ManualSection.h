// A lock that is taken and given back by hand within one block, and the guard that would do it.
#ifndef HEDDLE_CHECKS_MANUALSECTION_H
#define HEDDLE_CHECKS_MANUALSECTION_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/ArrayRef.h"

#include <optional>

namespace heddle {

struct ManualSection {
  FunctionId In;
  const Event *Lock, *Unlock;
  std::vector<const Event *> Early; ///< Unlocks before a return or throw in between.
};

/// The statement that consists of the event, directly in a block; null if there is none.
const Statement *statementOf(const UnitFacts &Unit, const Event &E);

/// The guard in the lock's place; the unlock goes, or closes a block of its own. Nothing where
/// something would run under the lock that did not before. `All`: those of the function.
std::optional<Fix> holdByGuard(const ProgramModel &Program, const ManualSection &Section,
                               llvm::ArrayRef<ManualSection> All);

} // namespace heddle

#endif
