// Fixes for what is initialised by test and write: let a once-flag decide who does it.
#ifndef HEDDLE_CHECKS_ONCEFIXES_H
#define HEDDLE_CHECKS_ONCEFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Turns the if statement around the write into a std::call_once. Nothing in C, for members of
/// objects, or where the statement is more than the test and what depends on it. Safe if nothing
/// else in the program writes the variable.
std::optional<Fix> initializeOnce(const UnitFacts &Unit, const CheckedWrite &Init,
                                  const ValueTest &Test);

} // namespace heddle

#endif
