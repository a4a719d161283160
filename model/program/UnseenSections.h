// Sections of code between two functions that are not seen and given nothing.
#ifndef HEDDLE_MODEL_PROGRAM_UNSEENSECTIONS_H
#define HEDDLE_MODEL_PROGRAM_UNSEENSECTIONS_H

#include "model/facts/UnitFacts.h"

namespace heddle {

/// A call of an unseen function without arguments names that function as if it were given it: a
/// pointer to the function's own entity, with the number of an unseen function as lowering has it.
/// Where two such functions are always called in one function, the one before the other, both are
/// given the first one instead, which makes them what `lock(1)` and `unlock(1)` are: maybe a lock.
/// The names of all others are removed.
void pairUnseenSections(UnitFacts &Unit);

} // namespace heddle

#endif
