#include "driver/lsp/DiskWatch.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace llvm;

namespace heddle::lsp {

DiskWatch::State DiskWatch::look(const std::string &Path) {
  sys::fs::file_status Status;
  if (sys::fs::status(Path, Status))
    return {};
  return {true, Status.getLastModificationTime().time_since_epoch().count(), Status.getSize(),
          Status.getUniqueID().getFile()};
}

void DiskWatch::remember(const std::set<std::string> &Paths) {
  Known.clear();
  note(Paths);
}

void DiskWatch::note(const std::set<std::string> &Paths) {
  for (const std::string &Path : Paths)
    if (auto [Found, IsNew] = Known.try_emplace(Path); IsNew)
      Found->second = look(Path);
}

bool DiskWatch::haveChanged(const std::set<std::string> &Paths) const {
  return any_of(Paths, [&](const std::string &Path) { return !Known.count(Path); }) ||
         any_of(Known, [](const auto &Each) { return look(Each.first) != Each.second; });
}

} // namespace heddle::lsp
