// What an analysis run yields: plain data for the output formats and the fixer.
#ifndef HEDDLE_DRIVER_RUN_RUNRESULT_H
#define HEDDLE_DRIVER_RUN_RUNRESULT_H

#include "checks/Finding.h"
#include "driver/run/SourceTexts.h"

#include <string>
#include <vector>

namespace heddle {

/// A unit that could not be analysed. The other units are not affected.
struct UnitFailure {
  std::string File;    ///< The unit, absolute.
  std::string Message; ///< Why, with the place of the first error where there is one.
  std::string Advice;  ///< What to try; may be empty.
  FileRange Where;     ///< The place of the first error; invalid where there is none.
  bool Crashed = false;
};

/// Everything that a run found out. Paths are absolute.
struct RunResult {
  /// In the order of the units, then of the places; each finding once, however many units see it.
  std::vector<Finding> Findings;
  std::vector<Finding> Suppressed; ///< What NOLINT comments keep quiet, in the same order.
  /// NOLINTBEGIN and NOLINTEND without a partner, in the files of the findings.
  std::vector<Note> UnmatchedComments;
  std::vector<UnitFailure> Failures; ///< In the order of the units.
  SourceTexts Texts;                 ///< Every file that a finding mentions.
  std::vector<std::string> Dumps;    ///< The model as text, per unit, when it was asked for.
  unsigned UnitsDone = 0;            ///< Analysed or failed.
  bool Interrupted = false;          ///< Some units were left out because the user said so,
  int Signal = 0;                    ///< by this signal.
};

} // namespace heddle

#endif
