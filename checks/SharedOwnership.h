// Fixes that let a task and its giver own something together.
#ifndef HEDDLE_CHECKS_SHAREDOWNERSHIP_H
#define HEDDLE_CHECKS_SHAREDOWNERSHIP_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>

namespace heddle {

/// Makes the variables, which one task captured by reference, objects that live until both the task
/// and the giver are done with them. Never safe: whether the two may use them at the same time is
/// another question. Nothing if one of them cannot be made that way.
std::optional<Fix> ownTogether(const UnitFacts &Unit,
                               const std::vector<const OutlivedObject *> &Objects);

} // namespace heddle

#endif
