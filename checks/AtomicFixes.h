// Fixes that make variables atomic, or write atomic operations where plain accesses stand.
#ifndef HEDDLE_CHECKS_ATOMICFIXES_H
#define HEDDLE_CHECKS_ATOMICFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Makes every plain access in the races an atomic operation, spelled like `Like`, which is atomic
/// on the same object. Nothing unless all of them can be written so.
std::optional<Fix> makeAccessesAtomic(const ProgramModel &Program,
                                      const std::vector<const ConcurrentPair *> &Races,
                                      const Operation &Like);

/// Turns the scalar on which all the races are into an atomic. Nothing if some use would not
/// compile or would change its meaning. Safe where nothing outside of the unit uses the variable.
std::optional<Fix> makeAtomic(const ProgramModel &Program,
                              const std::vector<const ConcurrentPair *> &Races);

/// The same without races to look at: for a variable that is itself what threads meet on.
std::optional<Fix> makeAtomic(const UnitFacts &Unit, EntityId Variable);

} // namespace heddle

#endif
