// What decides whether threads wait at a condition.
#ifndef HEDDLE_CHECKS_WAITEDSTATE_H
#define HEDDLE_CHECKS_WAITEDSTATE_H

#include "model/program/ProgramModel.h"

namespace heddle {

/// Whether some wait at a condition goes on or not as this variable says. Changed without the lock
/// of the wait, atomically or not, it changes between the look and the sleep.
bool isAskedByCondition(const ProgramModel &Program, EntityId Subject);

} // namespace heddle

#endif
