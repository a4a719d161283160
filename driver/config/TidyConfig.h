// A configuration in the form of .clang-tidy, as far as it means something to Heddle.
#ifndef HEDDLE_DRIVER_CONFIG_TIDYCONFIG_H
#define HEDDLE_DRIVER_CONFIG_TIDYCONFIG_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// What stands under clang-tidy's keys. Nothing is known yet of rules and options: lists of checks
/// may name clang-tidy's own.
struct TidyConfig {
  std::string Checks, WarningsAsErrors; ///< Globs, separated by commas; empty: not given.
  std::string HeaderFilter, ExcludeHeaderFilter;
  std::optional<bool> UseColor;
  std::vector<std::string> ExtraArguments, ExtraArgumentsBefore, RemovedArguments;
  std::map<std::string, std::string> CheckOptions;
};

/// Reads YAML or JSON. Keys of clang-tidy's that Heddle has no use for are passed over; any other
/// is an error. An error begins with `Name`, line and column.
llvm::Expected<TidyConfig> parseTidyConfig(llvm::StringRef Text, llvm::StringRef Name);

/// The words of a value that may hold several, separated by commas or semicolons, trimmed.
std::vector<std::string> splitNames(llvm::StringRef Names);

/// A relative name is looked for in `Folder`, which is absolute, and those above it. What is not
/// found there comes back as it is.
std::string locateUpwards(llvm::StringRef Name, llvm::StringRef Folder);

} // namespace heddle

#endif
