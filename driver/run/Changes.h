// Which lines somebody has changed, and whether a finding has to do with them.
#ifndef HEDDLE_DRIVER_RUN_CHANGES_H
#define HEDDLE_DRIVER_RUN_CHANGES_H

#include "checks/Finding.h"
#include "driver/run/UnsavedTexts.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace heddle {

/// Lines of files. Value type. Paths are absolute, without "." and ".."; links lead to what they
/// lead to on disk.
class Changes {
public:
  /// The whole file is new.
  void addFile(llvm::StringRef Path);

  /// Lines First to Last, counted from 1, are new.
  void addLines(llvm::StringRef Path, uint32_t First, uint32_t Last);

  /// Whether the finding's place, one of its notes or one step of its threads lies in a changed
  /// line: a lock that was taken away makes a bug of a line that stayed as it was.
  bool touches(const Finding &F) const;

  /// The texts that the lines are lines of, where these are not what is on disk.
  const UnsavedTexts &texts() const { return Texts; }
  void setTexts(UnsavedTexts New) { Texts = std::move(New); }

  /// The files, sorted.
  std::vector<std::string> files() const;

  /// Forgets the files for which `Keep` is false.
  template <typename Predicate> void keepFiles(Predicate Keep) {
    std::erase_if(Lines, [&](const auto &Entry) { return !Keep(Entry.first); });
    ByRealPath.clear();
    for (const auto &[Path, Ranges] : Lines)
      noteRealPath(Path);
  }

private:
  bool touches(const FileRange &Where) const;
  void noteRealPath(const std::string &Path);

  struct LineRange {
    uint32_t First, Last;
  };
  std::map<std::string, std::vector<LineRange>> Lines;
  std::map<std::string, std::string> ByRealPath; ///< To the paths in `Lines`.
  UnsavedTexts Texts;
};

/// Reads a unified diff as git writes it, with any number of context lines. Its paths start from
/// `Root`. Where lines were only taken away, the lines before and after count as changed. Deleted
/// files are left out. A text that is no diff has no changes.
Changes changesInDiff(llvm::StringRef Diff, llvm::StringRef Root);

/// Whether a text may be what a diff is read from: it is empty, or says which files or commit it is
/// about.
bool looksLikeDiff(llvm::StringRef Text);

/// Asks git, in the checkout `Folder`, what has changed: for "staged" what is about to be
/// committed, with the texts as they are staged, or what pre-commit says that it looks at; for a
/// revision, the work tree since it parted from there; for A..B and A...B what git means by them.
/// The error is git's own.
llvm::Expected<Changes> changesFromGit(llvm::StringRef Since, llvm::StringRef Folder);

} // namespace heddle

#endif
