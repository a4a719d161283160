// From a parsed translation unit to findings: the one place where model and checks meet.
#ifndef HEDDLE_DRIVER_RUN_UNITANALYSIS_H
#define HEDDLE_DRIVER_RUN_UNITANALYSIS_H

#include "checks/Check.h"

#include "llvm/Support/raw_ostream.h"

#include <set>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
}

namespace heddle {

class Vocabulary;

/// What to compute for a unit.
struct AnalysisRequest {
  /// Ids of the rules to run. With none, and nothing to dump, the unit is not looked at.
  std::set<std::string> Rules;
  /// Fact families to print, of: threads, locks, accesses, channels, contexts. Empty: none.
  std::vector<std::string> DumpFamilies;
  /// Where the dump goes; null exactly when DumpFamilies is empty.
  llvm::raw_ostream *DumpTo = nullptr;
};

/// Runs the requested rules over one unit. The AST must outlive the call only. Findings are
/// unsuppressed, unsorted, and carry absolute paths. Thread-safe for distinct contexts.
std::vector<Finding> analyzeUnit(clang::ASTContext &Context, const Vocabulary &Words,
                                 const AnalysisRequest &Request);

} // namespace heddle

#endif
