// Function pointers and callables that only ever hold one function.
#ifndef HEDDLE_MODEL_FACTS_KNOWNTARGETS_H
#define HEDDLE_MODEL_FACTS_KNOWNTARGETS_H

#include "model/facts/UnitFacts.h"

#include <map>

namespace heddle {

/// Calls and thread starts through a global or a member that the unit alone can set, and sets to
/// one function everywhere, name that function afterwards. Null counts for nothing: it is not
/// called. `Initial` holds what declarations put there, unknown values for what is no function.
void resolveKnownTargets(UnitFacts &Unit, const std::map<EntityId, Value> &Initial);

} // namespace heddle

#endif
