// Notices changed files by looking. Most clients tell of some changes at most: of none, or only of
// those below their folders.
#ifndef HEDDLE_DRIVER_LSP_DISKWATCH_H
#define HEDDLE_DRIVER_LSP_DISKWATCH_H

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace heddle::lsp {

class DiskWatch {
public:
  /// Remembers how the files are now, and no others. They need not be there.
  void remember(const std::set<std::string> &Paths);

  /// Remembers these as well. What is known already stays as it was.
  void note(const std::set<std::string> &Paths);

  /// Whether a file that it knows is not as it was, or one of these is new to it.
  bool haveChanged(const std::set<std::string> &Paths) const;

private:
  struct State {
    bool IsThere = false;
    int64_t Time = 0;
    uint64_t Size = 0, File = 0;
    bool operator==(const State &) const = default;
  };
  static State look(const std::string &Path);

  std::map<std::string, State> Known;
};

} // namespace heddle::lsp

#endif
