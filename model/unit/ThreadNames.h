// Conditions by which a thread finds out whether it is a certain one.
#ifndef HEDDLE_MODEL_UNIT_THREADNAMES_H
#define HEDDLE_MODEL_UNIT_THREADNAMES_H

#include "model/unit/LocalSettings.h"

#include <optional>

namespace heddle {

class UnitFactsBuilder;

/// Whether the condition holds (true), or does not hold (false), for a single thread: it compares
/// names of threads, or what each thread has for itself with something else. None if it is about
/// anything else. Sees through locals that are set once, and functions that only return such a
/// condition.
std::optional<bool> namesThread(const clang::Expr *Condition, UnitFactsBuilder &Unit,
                                const LocalSettings &Settings);

} // namespace heddle

#endif
