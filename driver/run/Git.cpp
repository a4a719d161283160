#include "driver/run/Git.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/raw_ostream.h"

#include <optional>
#include <vector>

using namespace llvm;

namespace heddle {
namespace {

class TemporaryFile {
public:
  ~TemporaryFile() {
    if (!Path.empty())
      (void)sys::fs::remove(Path);
  }
  TemporaryFile() = default;
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  Error create(StringRef Text = "") {
    int Descriptor;
    if (std::error_code EC = sys::fs::createTemporaryFile("heddle-git", "txt", Descriptor, Path))
      return createStringError("cannot make a temporary file: " + EC.message());
    raw_fd_ostream OS(Descriptor, /*shouldClose=*/true);
    OS << Text;
    OS.close();
    if (std::error_code EC = OS.error()) {
      OS.clear_error();
      return createStringError("cannot write a temporary file: " + EC.message());
    }
    return Error::success();
  }

  StringRef path() const { return Path; }

  ErrorOr<std::string> text() const {
    auto Buffer = MemoryBuffer::getFile(Path);
    if (!Buffer)
      return Buffer.getError();
    return (*Buffer)->getBuffer().str();
  }

private:
  SmallString<128> Path;
};

struct StagedFile {
  std::string Id, Path;
};

/// Reads what `git diff --raw -z` says of files that are staged: ":MODE MODE ID ID STATUS", the
/// path.
std::vector<StagedFile> filesIn(StringRef Raw) {
  std::vector<StagedFile> Result;
  while (!Raw.empty()) {
    auto [Entry, AfterEntry] = Raw.split('\0');
    auto [Path, Rest] = AfterEntry.split('\0');
    Raw = Rest;
    SmallVector<StringRef, 5> Words;
    Entry.split(Words, ' ');
    // No links and submodules, nor what stands in a conflict or is only meant to be added.
    bool IsFile = Words.size() == 5 && Words[0].starts_with(":100");
    if (IsFile && (Words[4] == "M" || Words[4] == "D") && !Path.contains('\n'))
      Result.push_back({Words[2].str(), Path.str()});
  }
  return Result;
}

} // namespace

Expected<std::string> runGit(StringRef Folder, ArrayRef<StringRef> Arguments, StringRef Input) {
  ErrorOr<std::string> Program = sys::findProgramByName("git");
  if (!Program)
    return createStringError("--changed asks git, and there is no git");
  TemporaryFile In, Out, Err;
  if (Error E = joinErrors(joinErrors(In.create(Input), Out.create()), Err.create()))
    return std::move(E);
  SmallVector<StringRef, 16> Command = {*Program, "-C", Folder, "-c", "core.quotePath=false"};
  Command.append(Arguments.begin(), Arguments.end());
  std::string Message;
  if (sys::ExecuteAndWait(*Program, Command, std::nullopt, {In.path(), Out.path(), Err.path()},
                          /*SecondsToWait=*/0, /*MemoryLimit=*/0, &Message)) {
    if (auto Text = Err.text(); Text && Message.empty())
      Message = StringRef(*Text).trim().str();
    return createStringError("git does not tell what has changed: " + Message);
  }
  ErrorOr<std::string> Text = Out.text();
  if (!Text)
    return createStringError("cannot read what git said: " + Text.getError().message());
  return std::move(*Text);
}

Expected<UnsavedTexts> stagedTexts(StringRef Root) {
  Expected<std::string> Raw =
      runGit(Root, {"diff", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-relative",
                    "--no-ext-diff", "--ignore-submodules", "--"});
  if (!Raw)
    return Raw.takeError();
  std::vector<StagedFile> Files = filesIn(*Raw);
  if (Files.empty())
    return UnsavedTexts();
  std::string Wanted;
  for (const StagedFile &File : Files)
    Wanted += File.Id + " " + File.Path + "\n";
  // With the filters of a checkout, for instance for the ends of lines. The size that git can tell
  // is that before the filters, so what stands between two texts is a word that is in none.
  std::string Mark = "heddle-" + utohexstr(sys::Process::GetRandomNumber()) +
                     utohexstr(sys::Process::GetRandomNumber()) + "\n";
  Expected<std::string> Answer = runGit(
      Root, {"cat-file", ("--batch=" + StringRef(Mark).drop_back()).str(), "--filters"}, Wanted);
  if (!Answer)
    return Answer.takeError();
  // The last one ends as the others do.
  StringRef Rest = StringRef(*Answer).drop_back(Answer->empty() ? 0 : 1);
  (void)Rest.consume_front(Mark);
  UnsavedTexts Result;
  for (const StagedFile &File : Files) {
    auto [Text, After] = Rest.split("\n" + Mark);
    Rest = After;
    SmallString<256> Path(Root);
    sys::path::append(Path, File.Path);
    Result[Path.str().str()] = std::make_shared<const std::string>(Text);
  }
  return Result;
}

} // namespace heddle
