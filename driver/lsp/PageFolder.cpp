#include "driver/lsp/PageFolder.h"

#include "driver/fix/ReplaceFiles.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace heddle::lsp {

PageFolder::~PageFolder() {
  // What cannot be removed is left to the system, which clears the folder for temporary files.
  for (const std::string &Page : Pages)
    (void)sys::fs::remove(Page);
  if (!Folder.empty())
    (void)sys::fs::remove(Folder);
}

std::string PageFolder::page(StringRef Name, function_ref<std::string()> Write) {
  if (Folder.empty()) {
    SmallString<128> Made;
    if (sys::fs::createUniqueDirectory("heddle", Made))
      return "";
    Folder = Made.str().str();
  }
  SmallString<128> Path(Folder);
  sys::path::append(Path, Name);
  std::string Page = Path.str().str();
  if (Pages.count(Page))
    return Page;
  if (Error E = replaceFile(Page, Write())) {
    consumeError(std::move(E));
    return "";
  }
  Pages.insert(Page);
  return Page;
}

} // namespace heddle::lsp
