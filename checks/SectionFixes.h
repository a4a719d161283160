// Fixes that make one critical section of two.
#ifndef HEDDLE_CHECKS_SECTIONFIXES_H
#define HEDDLE_CHECKS_SECTIONFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Holds the lock from the check to the write, where nothing that could wait or lock stands between
/// the two. Never safe: what used to run without the lock now runs with it.
std::optional<Fix> mergeSections(const ProgramModel &Program, const StaleCheck &Check);

} // namespace heddle

#endif
