// Fixes for locks that are taken one after the other.
#ifndef HEDDLE_CHECKS_ORDERFIXES_H
#define HEDDLE_CHECKS_ORDERFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Takes both locks of an edge in one `std::scoped_lock`, which waits for neither while it holds
/// the other. Nothing unless two guards are made one right after the other and do nothing but hold
/// their locks to the end of the block.
std::optional<Fix> takeTogether(const ProgramModel &Program, const LockEdge &Edge);

} // namespace heddle

#endif
