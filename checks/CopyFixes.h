// Fixes that make tasks work with something of their own: a copy of what they are handed.
#ifndef HEDDLE_CHECKS_COPYFIXES_H
#define HEDDLE_CHECKS_COPYFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Hands a copy of the object, which the races are on, to each task that changes it. Never safe:
/// whether somebody waits for the task's changes is for a reader to decide. Nothing if a task gets
/// the object in a way that is not understood, or if a copy would still lead to the same place.
std::optional<Fix> handCopies(const ProgramModel &Program,
                              const std::vector<const ConcurrentPair *> &Races,
                              const std::string &Name);

} // namespace heddle

#endif
