#include "driver/lsp/FileNames.h"

using namespace llvm;

namespace heddle::lsp {

std::vector<LinkedFolder> linkedFolders(const std::vector<std::string> &Folders) {
  std::vector<LinkedFolder> Result;
  for (const std::string &Folder : Folders) {
    SmallString<256> Real;
    if (!sys::fs::real_path(Folder, Real) && Real != Folder)
      Result.push_back({Folder, Real.str().str()});
  }
  return Result;
}

FileNames::FileNames(const std::vector<std::string> &Open, const std::vector<LinkedFolder> &Folders)
    : Folders(Folders) {
  for (const std::string &Name : Open) {
    sys::fs::UniqueID Id;
    if (!sys::fs::getUniqueID(Name, Id))
      this->Open.emplace(Id, Name);
  }
}

std::string FileNames::of(const std::string &Path) const {
  sys::fs::UniqueID Id;
  if (!Open.empty() && !sys::fs::getUniqueID(Path, Id))
    if (auto Found = Open.find(Id); Found != Open.end())
      return Found->second;
  for (const LinkedFolder &Each : Folders)
    if (isBelow(Path, Each.Real) && !isBelow(Path, Each.Name))
      return Each.Name + "/" + StringRef(Path).substr(Each.Real.size()).ltrim('/').str();
  return Path;
}

void FileNames::applyTo(UnitOutcome &Outcome) const {
  std::map<std::string, std::string> Known;
  auto Rename = [&](std::string &Path) {
    auto [Found, IsNew] = Known.try_emplace(Path);
    if (IsNew) {
      Found->second = of(Path);
      if (Found->second != Path)
        Outcome.Texts.rename(Path, Found->second);
    }
    Path = Found->second;
  };
  for (Finding &F : Outcome.Findings)
    forEachRange(F, [&](FileRange &Range) { Rename(Range.File); });
  if (Outcome.Failure)
    Rename(Outcome.Failure->Where.File);
}

} // namespace heddle::lsp
