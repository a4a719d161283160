// Files that units name in several ways, by links on the way to them.
#ifndef HEDDLE_DRIVER_RUN_COMMONNAMES_H
#define HEDDLE_DRIVER_RUN_COMMONNAMES_H

#include "checks/Finding.h"
#include "driver/run/UnitRunner.h"

#include "llvm/ADT/ArrayRef.h"

#include <map>
#include <string>

namespace heddle {

/// Gives such a file one name in all findings, so that what is the same looks the same: its name
/// without links if some unit uses that, and else the first one. Reads links from disk; files that
/// are not there keep their names.
class CommonNames {
public:
  explicit CommonNames(llvm::ArrayRef<UnitOutcome> Outcomes);

  void use(Finding &In) const;
  void use(FileRange &In) const;

private:
  std::map<std::string, std::string> Others; ///< Only names that are replaced.
};

} // namespace heddle

#endif
