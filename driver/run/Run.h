// Runs all units on a few threads and gathers what they yield, in an order that depends on the
// units only.
#ifndef HEDDLE_DRIVER_RUN_RUN_H
#define HEDDLE_DRIVER_RUN_RUN_H

#include "driver/run/UnitRunner.h"

namespace heddle {

/// Analyses `Units` on `Jobs` threads (0: as many as the machine has). `Cancelled` may be set by
/// anyone at any time; the units done by then are in the result, which says that it is not all.
RunResult runUnits(llvm::ArrayRef<UnitCommand> Units, const Vocabulary &Words,
                   const UnitOptions &Options, unsigned Jobs, const std::atomic<bool> &Cancelled);

} // namespace heddle

#endif
