#include "driver/lsp/Configuration.h"

#include "driver/catalogue/RuleSelection.h"
#include "driver/run/Includers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <algorithm>

using namespace llvm;

namespace heddle::lsp {
namespace {

std::shared_ptr<const Vocabulary> loadWords(const Settings &User,
                                            const std::vector<std::string> &Folders,
                                            std::vector<std::string> &Complaints) {
  Expected<Vocabulary> Builtin = Vocabulary::builtin();
  if (!Builtin) {
    Complaints.push_back(toString(Builtin.takeError()));
    return std::make_shared<const Vocabulary>();
  }
  auto Words = std::make_shared<Vocabulary>(std::move(*Builtin));
  for (const std::string &Given : User.Vocabulary) {
    std::string Path = inFirstFolder(Given, Folders);
    auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
    if (!Buffer)
      Complaints.push_back("cannot read vocabulary '" + Given +
                           "': " + Buffer.getError().message());
    else if (Error E = Words->add((*Buffer)->getBuffer(), Given))
      Complaints.push_back(toString(std::move(E)));
  }
  return Words;
}

UnitChoice fallbackFor(StringRef Path, const Configuration &Config, std::string Problem) {
  UnitCommand Unit;
  Unit.File = Path.str();
  Unit.Directory = sys::path::parent_path(Path).str();
  for (const std::string &Folder : Config.Folders)
    if (Path.starts_with(Folder + "/")) {
      Unit.Directory = Folder;
      break;
    }
  bool IsC = sys::path::extension(Path) == ".c";
  std::vector<std::string> Flags = Config.User.FallbackFlags;
  if (Flags.empty())
    Flags = {IsC ? "-std=gnu17" : "-std=gnu++20", "-pthread", "-I" + Unit.Directory,
             "-I" + Unit.Directory + "/include", "-I" + Unit.Directory + "/src"};
  Unit.Arguments = {IsC ? "clang" : "clang++"};
  if (isHeader(Path))
    Flags.emplace_back("-xc++-header");
  Unit.Arguments.insert(Unit.Arguments.end(), Flags.begin(), Flags.end());
  Unit.Arguments.push_back(Unit.File);
  return {{std::move(Unit)}, std::move(Problem), false};
}

} // namespace

std::string inFirstFolder(StringRef Path, const std::vector<std::string> &Folders) {
  return absolutePath(Path, Folders.empty() ? "/" : Folders.front());
}

std::shared_ptr<const Configuration> configure(const Settings &User,
                                               const std::vector<std::string> &Folders,
                                               const Catalogue &Rules,
                                               std::vector<std::string> &Complaints) {
  auto Result = std::make_shared<Configuration>();
  Result->User = User;
  Result->Folders = Folders;
  Result->Links = linkedFolders(Folders);
  Result->Words = loadWords(User, Folders, Complaints);
  Expected<std::set<std::string>> Selected = selectRules(Rules, User.Checks);
  if (!Selected) {
    Complaints.push_back(toString(Selected.takeError()));
    Selected = selectRules(Rules, "");
  }
  if (Selected)
    Result->Options.Rules = std::move(*Selected);
  else
    consumeError(Selected.takeError());
  Result->Options.Minimum = User.Minimum;
  Result->Options.Known = &Rules;
  Result->Options.ArgumentsBefore = User.ExtraArgumentsBefore;
  Result->Options.ArgumentsAfter = User.ExtraArguments;
  if (!Result->User.DatabasePath.empty())
    Result->User.DatabasePath = inFirstFolder(User.DatabasePath, Folders);
  return Result;
}

UnitChoice chooseUnits(StringRef Path, const Configuration &Config, bool Alone) {
  InputRequest Request{{Path.str()},
                       Config.User.DatabasePath,
                       std::nullopt,
                       sys::path::parent_path(Path).str(),
                       /*AreOpen=*/true};
  Expected<Inputs> Found = findUnits(Request);
  // Beside the link there is none; there may be one where it leads to.
  if (SmallString<256> Real; !Found && !sys::fs::real_path(Path, Real) && Real != Path) {
    Request.Paths = {Real.str().str()};
    Request.WorkingDirectory = sys::path::parent_path(Real).str();
    if (Expected<Inputs> Other = findUnits(Request)) {
      consumeError(Found.takeError());
      Found = std::move(Other);
    } else {
      consumeError(Other.takeError());
    }
  }
  if (!Found)
    return fallbackFor(Path, Config, toString(Found.takeError()));
  if (!Alone && !Found->Headers.empty()) {
    Includers Others =
        findIncluders(Found->Headers, {}, Found->Candidates, Config.Options, /*Jobs=*/1);
    if (!Others.Units.empty())
      return {std::move(Others.Units), "", true};
  }
  if (Found->Units.empty())
    return fallbackFor(Path, Config, "");
  return {std::move(Found->Units), "", false};
}

} // namespace heddle::lsp
