// Fixes for locks that are held for reading where something is written.
#ifndef HEDDLE_CHECKS_EXCLUSIVEFIXES_H
#define HEDDLE_CHECKS_EXCLUSIVEFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Declares the guard that holds the lock shared with the type that holds it exclusively. Nothing
/// unless it is a variable of that function and its type is written there.
std::optional<Fix> lockExclusively(const ProgramModel &Program, FunctionId In,
                                   const HeldLock &Held);

} // namespace heddle

#endif
