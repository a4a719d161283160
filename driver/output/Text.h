// The report for people: the source line, what each thread does, what helps.
#ifndef HEDDLE_DRIVER_OUTPUT_TEXT_H
#define HEDDLE_DRIVER_OUTPUT_TEXT_H

#include "driver/output/Report.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// Writes every finding. Colours follow the stream's own setting. Failed units and counts are not
/// part of it: they go to stderr, whatever the format.
void writeText(llvm::raw_ostream &OS, const Report &What);

} // namespace heddle

#endif
