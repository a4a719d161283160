// What functions call, directly or not.
#ifndef HEDDLE_MODEL_PROGRAM_CALLEES_H
#define HEDDLE_MODEL_PROGRAM_CALLEES_H

#include "model/facts/UnitFacts.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <set>

namespace heddle {

/// Adds what the functions call, and so on through those that `Passes` accepts.
void addCallees(const UnitFacts &Unit, std::set<FunctionId> &Functions,
                llvm::function_ref<bool(const FunctionFacts &)> Passes);

} // namespace heddle

#endif
