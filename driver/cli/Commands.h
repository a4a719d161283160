// What each command does. All of them print, and return the process's exit code.
#ifndef HEDDLE_DRIVER_CLI_COMMANDS_H
#define HEDDLE_DRIVER_CLI_COMMANDS_H

#include "driver/catalogue/Catalogue.h"
#include "driver/cli/CommandLine.h"

namespace heddle {

/// The exit codes, as `heddle --help` tells them.
enum ExitCode {
  ExitClean = 0,
  ExitFindings = 1,
  ExitUsage = 2,
  ExitUnitFailed = 3,
  ExitInterrupted = 128, ///< Plus the signal's number.
};

/// Puts the settings of --config or --config-file beneath what the command line says.
llvm::Error applyConfig(CommandLine &Options, const Catalogue &Rules);

/// Prints the settings in force.
int runDumpConfig(const CommandLine &Options, const Catalogue &Rules);

/// Finds, reports and fixes bugs.
int runCheck(const CommandLine &Options, Catalogue Rules);

/// Prints a line for each rule.
int runList(const CommandLine &Options, const Catalogue &Rules);

/// Prints all that the catalogue knows about the rules named.
int runExplain(const CommandLine &Options, const Catalogue &Rules);

/// Writes out what has been printed so far.
llvm::Error flushStdout();

/// Prints "heddle: error: …" on stderr. Returns ExitUsage.
int complain(llvm::Error Problem);

} // namespace heddle

#endif
