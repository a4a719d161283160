// Fixes that write atomic operations where plain accesses stand.
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

} // namespace heddle

#endif
