// Links give a file many names. Clang uses those of the compile command; the client knows another.
#ifndef HEDDLE_DRIVER_LSP_FILENAMES_H
#define HEDDLE_DRIVER_LSP_FILENAMES_H

#include "driver/run/UnitRunner.h"

#include "llvm/Support/FileSystem.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace heddle::lsp {

/// A folder of the workspace whose name leads through a link, and where it really is.
struct LinkedFolder {
  std::string Name, Real;
};

/// Those of the folders whose names are not the real ones.
std::vector<LinkedFolder> linkedFolders(const std::vector<std::string> &Folders);

/// Good for one analysis: the disk is looked at when it is made.
class FileNames {
public:
  FileNames(const std::vector<std::string> &Open, const std::vector<LinkedFolder> &Folders);

  /// The client's name for the file: that of the open document, or one below a folder of the
  /// workspace. What is neither keeps its path.
  std::string of(const std::string &Path) const;

  void applyTo(UnitOutcome &Outcome) const;

private:
  std::map<llvm::sys::fs::UniqueID, std::string> Open;
  const std::vector<LinkedFolder> &Folders;
};

} // namespace heddle::lsp

#endif
