// Notices changed files by looking. Most clients tell of some changes at most: of none, or only of
// those below their folders.
#ifndef HEDDLE_DRIVER_LSP_DISKWATCH_H
#define HEDDLE_DRIVER_LSP_DISKWATCH_H

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

namespace heddle::lsp {

class DiskWatch {
public:
  /// Remembers how the files are now, unless it remembers them already. They need not be there.
  void note(const std::vector<std::string> &Paths);

  /// Whether one of the files is not as it was noted, or was never noted.
  bool haveChanged(const std::vector<std::string> &Paths) const;

  void forgetAll() { Known.clear(); }

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
