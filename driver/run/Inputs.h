// From what the user named to the units to analyse: finds the compile database, picks its commands
// and drops those that would only repeat another one's work.
#ifndef HEDDLE_DRIVER_RUN_INPUTS_H
#define HEDDLE_DRIVER_RUN_INPUTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace heddle {

/// One compilation. `File` is absolute; `Arguments` begins with the compiler's name and holds no
/// option that only says where output goes.
struct UnitCommand {
  std::string Directory;
  std::string File;
  std::vector<std::string> Arguments;
  bool operator==(const UnitCommand &) const = default;
};

/// What the user asked for.
struct InputRequest {
  /// Files and folders, as given. Empty: every unit of the database.
  std::vector<std::string> Paths;
  /// `-p`: a build folder, or a compile database itself. Empty: look for one.
  std::string DatabasePath;
  /// What follows `--`; nullopt without `--`. Replaces any database.
  std::optional<std::vector<std::string>> Flags;
  std::string WorkingDirectory; ///< Absolute.
  /// The paths are files open in an editor: they need not be on disk, and a header is a unit as
  /// well, with the flags of a file like it.
  bool AreOpen = false;
  std::set<std::string> Staged = {}; ///< Files that need not be on disk, by absolute path.
  /// What every command begins with; it may say which language a file is in.
  std::vector<std::string> ArgumentsBefore = {};
};

struct Inputs {
  std::vector<UnitCommand> Units; ///< In the database's order, each command once.
  /// Headers that were named, absolute. They are analysed with units that include them, out of
  /// `Candidates`, which are no units yet.
  std::vector<std::string> Headers;
  std::vector<UnitCommand> Candidates;
  /// Files of the database that are in another language than C and C++, absolute. They are passed
  /// over, unless they were named: that is an error.
  std::set<std::string> Foreign;
  /// Things worth telling the user that are no errors, a line each.
  std::vector<std::string> Remarks;
};

/// Whether a file of that name is meant to be included by others.
bool isHeader(llvm::StringRef Path);

/// Whether the name is that of a source file or header in C or C++.
bool isSource(llvm::StringRef Path);

/// `Path` from the root on, without "." and "..".
std::string absolutePath(llvm::StringRef Path, llvm::StringRef Directory);

/// Whether `Path` lies in `Folder`, at whatever depth. Both are absolute, or both are not.
bool isBelow(llvm::StringRef Path, llvm::StringRef Folder);

/// The compile databases that there are for files in the folders, sorted. An empty `DatabasePath`:
/// those beside and above them.
std::set<std::string> findDatabases(const std::set<std::string> &Folders,
                                    llvm::StringRef DatabasePath);

/// Finds the units of a request. A database is looked for beside each path, then upwards; in each
/// folder also in its build*/ folders. Errors are for the user: they say what to do.
llvm::Expected<Inputs> findUnits(const InputRequest &Request);

} // namespace heddle

#endif
