// Fixes for data that the threads of an OpenMP team share.
#ifndef HEDDLE_CHECKS_TEAMFIXES_H
#define HEDDLE_CHECKS_TEAMFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Puts `#pragma omp atomic` before each of the racing statements. Nothing unless every one is an
/// update of the scalar and nothing else (`sum += x;`) in a region of the same function.
std::optional<Fix> makeUpdatesAtomic(const ProgramModel &Program,
                                     const std::vector<const ConcurrentPair *> &Races);

} // namespace heddle

#endif
