// What keeps a finding recognisable from one run to the next.
#ifndef HEDDLE_DRIVER_OUTPUT_FINGERPRINT_H
#define HEDDLE_DRIVER_OUTPUT_FINGERPRINT_H

#include "driver/output/Report.h"

#include <string>
#include <vector>

namespace heddle {

/// For each finding of the run, and then for each that is suppressed, a fingerprint that survives
/// edits elsewhere in the file: a hash of the rule and of the entities that make the finding, then
/// ":N" for the Nth finding with the same hash, in the order of the run.
std::vector<std::string> fingerprints(const Report &What);

/// For each line of a text, GitHub's `primaryLocationLineHash`: a rolling hash of the hundred
/// characters from the line's start on, spaces and tabs left out, then ":N" for the Nth line with
/// that hash. The algorithm is that of `fingerprints.ts` in github/codeql-action. Element 0 belongs
/// to line 1.
std::vector<std::string> lineHashes(llvm::StringRef Text);

} // namespace heddle

#endif
