// Parses one unit and has it analysed. All that is particular to Clang's front end is here.
#ifndef HEDDLE_DRIVER_RUN_UNITRUNNER_H
#define HEDDLE_DRIVER_RUN_UNITRUNNER_H

#include "driver/run/Inputs.h"
#include "driver/run/RunResult.h"
#include "driver/run/UnitAnalysis.h"
#include "driver/run/UnsavedTexts.h"

#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace heddle {

class Catalogue;
class Vocabulary;

/// What to do with every unit.
struct UnitOptions {
  std::set<std::string> Rules; ///< Ids of the rules to run.
  /// Fact families to print instead of looking for bugs.
  std::vector<std::string> DumpFamilies;
  Confidence Minimum = Confidence::Likely;                  ///< Findings below are dropped.
  std::map<std::string, Confidence> MinimumOf;              ///< Of rules that have another.
  const Catalogue *Known = nullptr;                         ///< See AnalysisRequest.
  std::vector<std::string> ArgumentsBefore, ArgumentsAfter; ///< Added to each command.
  UnsavedTexts Texts; ///< Read in the place of what is on disk.
};

/// What one unit yields; see RunResult for the fields of the same name.
struct UnitOutcome : UnitFindings {
  std::optional<UnitFailure> Failure;
  std::string Dump;
  bool Complete = false; ///< False: given up because `Cancelled` was set.
};

/// The command as Clang's driver shall see it: with the headers that belong to the Clang we are
/// built on, in the mode that the compiler's name implies (g++, aarch64-linux-gnu-gcc).
std::vector<std::string> compilerArguments(const UnitCommand &Unit, const UnitOptions &Options);

/// Parses and analyses one unit on a thread of its own with a stack deep enough for Clang. Safe to
/// call from several threads at once. Never fails as a whole: what goes wrong, up to a crash, is
/// in the outcome. When `Cancelled` becomes true, the parse stops at the next declaration, and the
/// analysis at the next function; if these are far off, the thread is left behind, with `Words`,
/// `Options.Known` and `Cancelled`.
///
/// Under `-Xclang -verify` the findings become warnings of the unit, `MESSAGE [RULE]`, for Clang to
/// compare with the expectations in the source; the outcome then has no findings, and a failure
/// exactly when they differ.
UnitOutcome runUnit(const UnitCommand &Unit, const Vocabulary &Words, const UnitOptions &Options,
                    const std::atomic<bool> &Cancelled);

} // namespace heddle

#endif
