// Pages that an editor is to open, as files in a folder that lives as long as the server.
#ifndef HEDDLE_DRIVER_LSP_PAGEFOLDER_H
#define HEDDLE_DRIVER_LSP_PAGEFOLDER_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"

#include <set>
#include <string>

namespace heddle::lsp {

class PageFolder {
public:
  PageFolder() = default;
  ~PageFolder();
  PageFolder(const PageFolder &) = delete;
  PageFolder &operator=(const PageFolder &) = delete;

  /// The path of a page of that name. `Write` yields its text, and is called once for each name.
  /// Empty if it cannot be written.
  std::string page(llvm::StringRef Name, llvm::function_ref<std::string()> Write);

private:
  std::string Folder;
  std::set<std::string> Pages;
};

} // namespace heddle::lsp

#endif
