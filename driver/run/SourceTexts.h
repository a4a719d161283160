// The sources that findings point into, as they were when they were parsed. Output and fixes work
// on these texts, so that what is shown and edited is what was analysed, whatever an editor has
// saved meanwhile.
#ifndef HEDDLE_DRIVER_RUN_SOURCETEXTS_H
#define HEDDLE_DRIVER_RUN_SOURCETEXTS_H

#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace heddle {

/// A map from absolute paths to texts. Not thread-safe while it is being filled.
class SourceTexts {
public:
  /// Remembers a file's text. The first text of a path stays.
  void add(llvm::StringRef Path, llvm::StringRef Text);

  /// Takes over the texts of `Other` whose paths are not known yet.
  void merge(SourceTexts Other);

  /// Makes a text known by another path, unless that one is known as well.
  void rename(const std::string &From, std::string To);

  bool contains(llvm::StringRef Path) const { return Files.count(Path.str()) != 0; }

  /// All of them, sorted.
  std::vector<std::string> paths() const;

  /// The whole text; nullopt if the path is unknown. Valid as long as this object.
  std::optional<llvm::StringRef> text(llvm::StringRef Path) const;

  /// The line that holds the byte at `Offset`, without its line end; empty if path or offset are
  /// unknown.
  llvm::StringRef lineAt(llvm::StringRef Path, uint32_t Offset) const;

  /// One-based line number of the byte at `Offset`; 0 if path or offset are unknown.
  uint32_t lineNumber(llvm::StringRef Path, uint32_t Offset) const;

  /// Number of bytes between the start of its line and the byte at `Offset`.
  uint32_t bytesIntoLine(llvm::StringRef Path, uint32_t Offset) const;

private:
  struct File {
    std::string Text;
    std::vector<uint32_t> LineStarts;
    size_t lineIndex(uint32_t Offset) const;
  };
  const File *find(llvm::StringRef Path, uint32_t Offset) const;

  std::map<std::string, File> Files;
};

} // namespace heddle

#endif
