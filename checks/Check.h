// The contract between a rule's logic and everything that runs it.
//
// A check is a value with a run function. It sees facts and hands over findings; it knows no
// front end, no option parsing and no output, keeps no state between runs, and cannot fail:
// where the facts do not suffice, it stays silent.
#ifndef HEDDLE_CHECKS_CHECK_H
#define HEDDLE_CHECKS_CHECK_H

#include "checks/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace heddle {

class ProgramModel;

/// Takes the findings of one check. Not thread-safe: one reporter per run.
class Reporter {
public:
  virtual ~Reporter() = default;
  virtual void report(Finding F) = 0;
};

/// A rule's logic. `rules/<family>/<id>.json` and `checks/<family>/<id>.cpp` share their stem, and
/// the build takes the id from there; a check file defines one constant of this type, named like
/// the id in CamelCase, in namespace heddle::checks.
struct Check {
  void (*Run)(const ProgramModel &Program, Reporter &Out);
};

/// A check and the names that its file gives it.
struct RegisteredCheck {
  llvm::StringRef Id;     ///< "unguarded-shared-write"
  llvm::StringRef Family; ///< "shared-data"
  const Check *Logic;
};

/// Every check of the build, sorted by id. Generated from the folder checks/.
llvm::ArrayRef<RegisteredCheck> allChecks();

} // namespace heddle

#endif
