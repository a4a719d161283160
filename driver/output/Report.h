// What every output format is given: the run, the rules, and how the user's project lies on disk.
#ifndef HEDDLE_DRIVER_OUTPUT_REPORT_H
#define HEDDLE_DRIVER_OUTPUT_REPORT_H

#include "driver/catalogue/Catalogue.h"
#include "driver/run/RunResult.h"

#include <map>
#include <string>

namespace heddle {

/// Refers to what it shows; valid as long as that.
struct Report {
  const RunResult &Run;
  const Catalogue &Rules;
  std::map<size_t, const Fix *> Fixed; ///< The applied fixes, by the finding's index.
  std::string Root;                    ///< The project's folder; paths below it are shown relative.
  std::string WorkingDirectory;        ///< What paths on the terminal are relative to.
  std::string Version;                 ///< Of the tool.
  /// Whether to show what comments suppress, if the format can mark it. Many readers of such a
  /// format, GitHub and reviewdog among them, do not look at the mark.
  bool WithSuppressed = false;
};

/// The path as seen from `Folder` if it lies below, else unchanged. Views into `Path`.
llvm::StringRef relativeTo(llvm::StringRef Folder, llvm::StringRef Path);

} // namespace heddle

#endif
