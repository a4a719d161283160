// Which units a header can be analysed with: those that include it.
#ifndef HEDDLE_DRIVER_RUN_INCLUDERS_H
#define HEDDLE_DRIVER_RUN_INCLUDERS_H

#include "driver/run/UnitRunner.h"

namespace heddle {

struct Includers {
  std::vector<UnitCommand> Units;   ///< In the order in which they were found.
  std::vector<std::string> Orphans; ///< Headers that no unit includes; sorted.
};

/// Finds few units that, together with those `Taken` anyway, include each of the `Headers`, given
/// as absolute paths. A unit that lies near to a header and bears its name is tried before others.
/// Only preprocesses, and stops when all headers are found. The same input gives the same answer.
Includers findIncluders(llvm::ArrayRef<std::string> Headers, llvm::ArrayRef<UnitCommand> Taken,
                        llvm::ArrayRef<UnitCommand> Candidates, const UnitOptions &Options,
                        unsigned Jobs);

} // namespace heddle

#endif
