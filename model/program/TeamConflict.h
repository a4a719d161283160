// Whether two threads of one team can meet: same phase between barriers, work that is not one
// thread's alone, elements of an array that are not each thread's own.
#ifndef HEDDLE_MODEL_PROGRAM_TEAMCONFLICT_H
#define HEDDLE_MODEL_PROGRAM_TEAMCONFLICT_H

#include "model/program/Operation.h"

namespace heddle {

/// Whether one thread of a team can do A while another does B.
bool meetInTeam(const UnitFacts &Unit, const Operation &A, const Operation &B);

/// Whether A and B, done by two threads of a team, reach the same element of an array for certain.
/// False where subscripts are not known. Requires meetInTeam.
bool meetInElement(const UnitFacts &Unit, const Operation &A, const Operation &B);

/// Whether Here, done by who starts threads for elements of an array, reaches the element with
/// which a thread that runs already does There. False where subscripts are not known.
bool meetInGivenElement(const Operation &Here, const Operation &There);

} // namespace heddle

#endif
