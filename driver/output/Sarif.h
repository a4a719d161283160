// The report as SARIF 2.1.0, for GitHub, editors and everything else that reads it.
#ifndef HEDDLE_DRIVER_OUTPUT_SARIF_H
#define HEDDLE_DRIVER_OUTPUT_SARIF_H

#include "driver/output/Report.h"

#include "llvm/Support/raw_ostream.h"

namespace heddle {

/// Writes one log with one run. Files below the project's folder are named relative to
/// `%SRCROOT%`, and nothing in the log says where on this machine that is. Columns count UTF-16
/// code units. Findings that were fixed are left out. The same run gives the same bytes.
void writeSarif(llvm::raw_ostream &OS, const Report &What);

} // namespace heddle

#endif
