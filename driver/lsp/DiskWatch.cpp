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

void DiskWatch::note(const std::vector<std::string> &Paths) {
  for (const std::string &Path : Paths)
    if (auto [Found, IsNew] = Known.try_emplace(Path); IsNew)
      Found->second = look(Path);
}

bool DiskWatch::haveChanged(const std::vector<std::string> &Paths) const {
  return any_of(Paths, [&](const std::string &Path) {
    auto Found = Known.find(Path);
    return Found == Known.end() || Found->second != look(Path);
  });
}

} // namespace heddle::lsp
