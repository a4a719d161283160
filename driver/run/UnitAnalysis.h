// From a parsed translation unit to findings: the one place where model and checks meet.
#ifndef HEDDLE_DRIVER_RUN_UNITANALYSIS_H
#define HEDDLE_DRIVER_RUN_UNITANALYSIS_H

#include "checks/Check.h"
#include "driver/run/SourceTexts.h"
#include "model/facts/StopRequest.h"

#include "clang/Basic/SourceLocation.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class SourceManager;
} // namespace clang

namespace heddle {

class Catalogue;
class Vocabulary;

/// What to compute for a unit.
struct AnalysisRequest {
  /// Ids of the rules to run. With none, and nothing to dump, the unit is not looked at.
  std::set<std::string> Rules;
  Confidence Minimum = Confidence::Likely;     ///< Findings below are dropped.
  std::map<std::string, Confidence> MinimumOf; ///< Of rules that have another.
  /// Knows by which other names a NOLINT comment may call a rule; null: by none.
  const Catalogue *Known = nullptr;
  /// Fact families to print, of: threads, locks, accesses, channels, contexts. Empty: none.
  std::vector<std::string> DumpFamilies;
  /// Where the dump goes; null exactly when DumpFamilies is empty.
  llvm::raw_ostream *DumpTo = nullptr;
  StopRequest Stop; ///< Nothing is found once it is made.
};

/// What the rules found in one unit. Paths are absolute and without dots.
struct UnitFindings {
  std::vector<Finding> Findings;   ///< Sorted by place.
  std::vector<Finding> Suppressed; ///< What NOLINT comments keep quiet, likewise.
  /// NOLINTBEGIN and NOLINTEND without a partner, in the files of the findings.
  std::vector<Note> UnmatchedComments;
  SourceTexts Texts; ///< Every file that a finding mentions.
};

/// The stack, in bytes, that a thread should have which parses or analyses. Clang's own allows for
/// no analysis. Only what is used takes memory.
constexpr unsigned AnalysisStackSize = 64u << 20;

/// Runs the requested rules over one unit. The AST must outlive the call only. Calls go as deep
/// as the code is nested. Thread-safe for distinct contexts.
UnitFindings analyzeUnit(clang::ASTContext &Context, const Vocabulary &Words,
                         const AnalysisRequest &Request);

/// Visits every place that a finding names.
void forEachRange(Finding &F, llvm::function_ref<void(FileRange &)> Visit);

/// Where a range of a finding lies in the unit; invalid if the unit does not include the file.
clang::SourceLocation locationOf(const FileRange &Range, clang::SourceManager &Sources);

} // namespace heddle

#endif
