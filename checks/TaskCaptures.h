// What tasks were given of their giver's: where that is written, which rule tells of it, and how a
// copy is handed over instead.
#ifndef HEDDLE_CHECKS_TASKCAPTURES_H
#define HEDDLE_CHECKS_TASKCAPTURES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include <optional>
#include <set>

namespace heddle {

/// The place in `Frame` where the thread of the operation gets what it uses there: the capture as
/// written, or else the call that starts the thread.
SourceRange placeGiven(const UnitFacts &Unit, FunctionId Frame, const Operation &Use);

/// The place in the frame where it starts the thread of the operation, or calls what starts it.
SourceRange placeStarted(const Operation &Use);

/// Whether the variable is a loop's own, made anew or stepped on in every round, and the thread of
/// the operation is started in the body of that loop.
bool isOfOneRound(const UnitFacts &Unit, FunctionId Frame, EntityId Variable, const Operation &Use);

/// Captures copies where the threads of these operations captured references to whole variables.
/// Nothing unless each lambda only reads what it captured and the copies would compile.
std::optional<Fix> captureCopies(const UnitFacts &Unit, const std::vector<const Operation *> &Uses,
                                 FixSafety Safety);

/// Local variables, with the function that they belong to, on which a loop and the threads that it
/// starts race because a round's threads outlive it.
using LoopVariables = std::set<std::pair<FunctionId, EntityId>>;
LoopVariables racingLoopVariables(const ProgramModel &Program);

/// Places in objects, with the function that they are seen from, on which races have one cure: give
/// the task a copy. The object is a local or an allocated one, its task reached it through an
/// argument or through a pointer that it captured by value, changes part of it, and nobody who
/// races there holds a lock. Numbers handed over alone and `this` are none.
using HandedObjects = std::set<std::pair<FunctionId, AccessPath>>;
HandedObjects racingHandedObjects(const ProgramModel &Program);

} // namespace heddle

#endif
