// The report in GitLab's form, for the Code Quality widget of merge requests.
#ifndef HEDDLE_DRIVER_OUTPUT_GITLAB_H
#define HEDDLE_DRIVER_OUTPUT_GITLAB_H

#include "driver/output/Report.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// Writes an array with an object for each finding, as GitLab's documentation of Code Quality
/// describes it. Paths start from the project's folder. Findings that were fixed are left out, and
/// so is what each thread does: there is no place for it.
void writeGitLab(llvm::raw_ostream &OS, const Report &What);

} // namespace heddle

#endif
