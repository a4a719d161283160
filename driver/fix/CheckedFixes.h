// Fixes that were tried out before they are made.
#ifndef HEDDLE_DRIVER_FIX_CHECKEDFIXES_H
#define HEDDLE_DRIVER_FIX_CHECKEDFIXES_H

#include "driver/fix/ApplyFixes.h"

#include <functional>
#include <optional>

namespace heddle {

/// What is wrong with texts, as far as fixes must not make it worse.
struct Flaws {
  size_t Deadlocks = 0;
  size_t Failures = 0; ///< Units that cannot be parsed.
};

/// Looks at all that the new texts belong to, with these in the place of what is on disk. Nothing:
/// it was interrupted.
using Trial = std::function<std::optional<Flaws>(const std::map<std::string, std::string> &)>;

/// Like planFixes, but without fixes after which threads wait for each other or for themselves, or
/// that do not compile: each by itself may be right and two of them together wrong. Where nothing
/// is wrong, this takes one trial. Nothing: a trial was interrupted.
std::optional<FixPlan> planCheckedFixes(llvm::ArrayRef<Finding> Findings, const SourceTexts &Texts,
                                        FixOptions Options, const Trial &Try);

} // namespace heddle

#endif
