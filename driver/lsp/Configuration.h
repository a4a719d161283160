// What all analyses of the server have in common until the settings change.
#ifndef HEDDLE_DRIVER_LSP_CONFIGURATION_H
#define HEDDLE_DRIVER_LSP_CONFIGURATION_H

#include "driver/catalogue/Catalogue.h"
#include "driver/lsp/FileNames.h"
#include "driver/lsp/Settings.h"
#include "driver/run/LiveUnit.h"
#include "model/vocabulary/Vocabulary.h"

#include <memory>
#include <string>
#include <vector>

namespace heddle::lsp {

/// Never changes once it is made; any thread may read it.
struct Configuration {
  Settings User;
  std::vector<std::string> Folders; ///< The workspace's, absolute; the first one is its root.
  std::vector<LinkedFolder> Links;
  std::shared_ptr<const Vocabulary> Words;
  UnitOptions Options;
};

/// Where a path of the settings leads to: it begins at the first folder.
std::string inFirstFolder(llvm::StringRef Path, const std::vector<std::string> &Folders);

/// Makes the configuration of the settings. Refers to the catalogue. What is wrong with them is
/// left out and becomes a line of `Complaints`, for the user.
std::shared_ptr<const Configuration> configure(const Settings &User,
                                               const std::vector<std::string> &Folders,
                                               const Catalogue &Rules,
                                               std::vector<std::string> &Complaints);

/// How a file of the editor is compiled.
struct UnitChoice {
  std::vector<UnitCommand> Units;
  std::string Remark;   ///< What the user should know about it; may be empty.
  bool IsOther = false; ///< The units are others, which are thought to include it.
};

/// Looks for the commands of a file. A header is analysed with a unit that includes it if one is
/// found nearby. Reads files; takes a moment.
UnitChoice chooseUnits(llvm::StringRef Path, const Configuration &Config, bool Alone);

} // namespace heddle::lsp

#endif
