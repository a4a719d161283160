// The command line as a value. Parsing touches no file and prints nothing.
#ifndef HEDDLE_DRIVER_CLI_COMMANDLINE_H
#define HEDDLE_DRIVER_CLI_COMMANDLINE_H

#include "checks/Finding.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

enum class Command { Check, List, Explain, Lsp };
enum class ReportFormat { Text, Sarif, GitLab };
enum class ColorMode { Auto, Always, Never };

/// One --output. An empty path means stdout.
struct OutputTarget {
  ReportFormat Format = ReportFormat::Text;
  std::string Path;
};

/// What the user wrote, checked as far as that goes without looking at the world. Options.td
/// describes each option.
struct CommandLine {
  Command What = Command::Check;
  bool Help = false, Version = false;
  std::vector<std::string> Operands;             ///< Files and folders, or rules to explain.
  std::optional<std::vector<std::string>> Flags; ///< After "--".
  std::string DatabasePath;
  std::string Changed; ///< A git revision, "staged", "named", or "-" for stdin. Empty: no matter.
  std::vector<std::string> ExtraArguments, ExtraArgumentsBefore, RemovedArguments;
  std::vector<std::string> VocabularyFiles;
  unsigned Jobs = 0; ///< 0: as many as the machine has cores.
  std::string Checks, WarningsAsErrors;
  bool AllowNoChecks = false;
  std::string HeaderFilter, ExcludeHeaderFilter, LineFilter;
  Confidence Minimum = Confidence::Likely;
  std::map<std::string, Confidence> MinimumOf; ///< Of rules that have another.
  std::vector<std::string> DumpFamilies;
  std::vector<OutputTarget> Outputs; ///< Never empty; at most one goes to stdout.
  bool ReportSuppressed = false;
  bool Fix = false, FixUnsafe = false;
  std::map<std::string, bool> FixUnsafeOf; ///< Of rules that differ.
  std::string ExportFixes;
  ColorMode Color = ColorMode::Auto;
  std::optional<std::string> Config, ConfigFile; ///< Not applied yet; see applyConfig().
  bool DumpConfig = false;
  bool HasMinimum = false; ///< Whether somebody says so: the command line, then the configuration.
  bool HasColor = false;   ///< Whether the command line says so.
  bool Quiet = false;
  bool Verbose = false; ///< Of the language server: log every message.
  /// Parse and stop there: what a run costs before any analysis. For measuring.
  bool ParseOnly = false;

  /// Whether CMake called us in clang-tidy's place, as a step of a build (CMAKE_CXX_CLANG_TIDY):
  /// nobody else names the driver's mode. Findings are warnings of that build then.
  bool isBuildStep() const;
};

/// Parses the arguments after the program's name. The error says which argument is wrong and, where
/// one is near, which was probably meant.
llvm::Expected<CommandLine> parseCommandLine(llvm::ArrayRef<const char *> Arguments);

/// Writes the help of a command.
void printHelp(llvm::raw_ostream &OS, Command What);

} // namespace heddle

#endif
