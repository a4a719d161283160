#include "driver/run/Changes.h"

#include "driver/run/Git.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

#include <limits>
#include <optional>

using namespace llvm;

namespace heddle {

void Changes::addFile(StringRef Path) { addLines(Path, 1, std::numeric_limits<uint32_t>::max()); }

void Changes::addLines(StringRef Path, uint32_t First, uint32_t Last) {
  auto [Entry, IsNew] = Lines.try_emplace(Path.str());
  Entry->second.push_back({First, Last});
  if (IsNew)
    noteRealPath(Entry->first);
}

static std::string realPath(const std::string &Path) {
  SmallString<256> Real;
  return sys::fs::real_path(Path, Real) ? Path : Real.str().str();
}

void Changes::noteRealPath(const std::string &Path) { ByRealPath[realPath(Path)] = Path; }

bool Changes::touches(const FileRange &Where) const {
  auto Found = Lines.find(Where.File);
  // The compile database may call the file by another name than git.
  if (Found == Lines.end())
    if (auto Other = ByRealPath.find(realPath(Where.File)); Other != ByRealPath.end())
      Found = Lines.find(Other->second);
  return Found != Lines.end() && any_of(Found->second, [&](const LineRange &Range) {
           return Range.First <= Where.Line && Where.Line <= Range.Last;
         });
}

bool Changes::touches(const Finding &F) const {
  return touches(F.Primary) || any_of(F.Notes, [&](const Note &N) { return touches(N.Where); }) ||
         any_of(F.Threads, [&](const ThreadStory &Story) {
           return any_of(Story.Steps, [&](const ThreadStep &Step) { return touches(Step.Where); });
         });
}

std::vector<std::string> Changes::files() const {
  std::vector<std::string> Result;
  for (const auto &Entry : Lines)
    Result.push_back(Entry.first);
  return Result;
}

namespace {

// Git quotes a name with unusual bytes as C does.
std::string unquoted(StringRef Name) {
  if (!Name.consume_front("\"") || !Name.consume_back("\""))
    return Name.str();
  std::string Result;
  while (!Name.empty()) {
    char C = Name.front();
    Name = Name.drop_front();
    if (C != '\\' || Name.empty()) {
      Result += C;
      continue;
    }
    uint8_t Byte = 0;
    if (Name.size() >= 3 && !Name.take_front(3).getAsInteger(8, Byte)) {
      Result += static_cast<char>(Byte);
      Name = Name.drop_front(3);
      continue;
    }
    constexpr StringLiteral Letters = "abtnvfr", Meanings = "\a\b\t\n\v\f\r";
    size_t At = Letters.find(Name.front());
    Result += At == StringRef::npos ? Name.front() : Meanings[At];
    Name = Name.drop_front();
  }
  return Result;
}

struct Count {
  uint32_t Begin = 0, Lines = 0;
};

// "12,3" or "12", which means one line.
bool takeCount(StringRef &Text, Count &Result) {
  Result.Lines = 1;
  return !Text.consumeInteger(10, Result.Begin) &&
         (!Text.consume_front(",") || !Text.consumeInteger(10, Result.Lines));
}

class DiffReader {
public:
  explicit DiffReader(StringRef Root) : Root(Root) {}

  Changes run(StringRef Diff) {
    for (StringRef Line : split(Diff, '\n')) {
      Line.consume_back("\r");
      if (OldLeft || NewLeft)
        body(Line);
      else if (Line.consume_front("+++ "))
        file(Line);
      else if (Line.consume_front("@@ -"))
        hunk(Line);
    }
    return std::move(Result);
  }

private:
  void file(StringRef Name) {
    // A tab ends a name that has a space in it.
    std::string Plain = unquoted(Name.split('\t').first);
    File.clear();
    if (Plain == "/dev/null")
      return;
    StringRef Relative = Plain;
    Relative.consume_front("b/");
    SmallString<256> Path(Relative);
    sys::path::make_absolute(Root, Path);
    sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    File = Path.str().str();
  }

  void hunk(StringRef Line) {
    Count Old, New;
    if (!takeCount(Line, Old) || !Line.consume_front(" +") || !takeCount(Line, New))
      return;
    OldLeft = Old.Lines;
    NewLeft = New.Lines;
    // Of no lines, git names the line before them.
    Next = New.Lines ? New.Begin : New.Begin + 1;
    Added = false;
  }

  void body(StringRef Line) {
    bool IsNew = Line.starts_with("+"), IsOld = Line.starts_with("-");
    if (Line.starts_with("\\"))
      return;
    if (!IsOld)
      NewLeft -= NewLeft != 0;
    if (!IsNew)
      OldLeft -= OldLeft != 0;
    if (IsOld)
      Removed = true;
    if (IsNew) {
      add(Next, Next);
      Added = true;
    }
    if (!IsOld && !IsNew)
      endOfRun();
    if (!IsOld)
      ++Next;
    if (!OldLeft && !NewLeft)
      endOfRun();
  }

  // Behind a run of '-' and '+'. `Next` is the line after it.
  void endOfRun() {
    if (Removed && !Added)
      add(std::max(1u, Next - 1), Next);
    Removed = Added = false;
  }

  void add(uint32_t First, uint32_t Last) {
    if (!File.empty())
      Result.addLines(File, First, Last);
  }

  StringRef Root;
  Changes Result;
  std::string File;
  uint32_t OldLeft = 0, NewLeft = 0, Next = 0;
  bool Added = false, Removed = false;
};

} // namespace

Changes changesInDiff(StringRef Diff, StringRef Root) { return DiffReader(Root).run(Diff); }

bool looksLikeDiff(StringRef Text) {
  constexpr StringLiteral Signs[] = {"diff ", "+++ ", "commit "};
  return Text.trim().empty() || any_of(split(Text, '\n'), [&](StringRef Line) {
           return any_of(Signs, [&](StringRef Sign) { return Line.starts_with(Sign); });
         });
}

Expected<Changes> changesFromGit(StringRef Since, StringRef Folder) {
  if (Since.starts_with("-"))
    return createStringError("'" + Since + "' is no revision");
  Expected<std::string> Top = runGit(Folder, {"rev-parse", "--show-toplevel"});
  if (!Top)
    return Top.takeError();
  StringRef Root = StringRef(*Top).trim();
  SmallVector<StringRef, 16> Arguments = {
      "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
      "--src-prefix=a/", "--dst-prefix=b/", "--diff-filter=d",
      // Another project's commit is no change of lines, whatever the user's settings show of it.
      "--submodule=short"};
  // "pre-commit run --from-ref A --to-ref B", and its hooks of the stage pre-push.
  std::optional<std::string> From = sys::Process::GetEnv("PRE_COMMIT_FROM_REF");
  std::optional<std::string> To = sys::Process::GetEnv("PRE_COMMIT_TO_REF");
  bool IsStaged = Since == "staged" && !(From && To);
  std::string Range = Since == "staged" && !IsStaged ? *From + "..." + *To : Since.str();
  if (IsStaged)
    Arguments.push_back("--cached");
  else if (StringRef(Range).contains(".."))
    Arguments.push_back(Range);
  else
    Arguments.append({StringRef("--merge-base"), StringRef(Range)});
  Arguments.push_back("--");
  Expected<std::string> Diff = runGit(Folder, Arguments);
  if (!Diff)
    return Diff.takeError();
  Changes Result = changesInDiff(*Diff, Root);
  if (IsStaged) {
    Expected<UnsavedTexts> Texts = stagedTexts(Root);
    if (!Texts)
      return Texts.takeError();
    Result.setTexts(std::move(*Texts));
  }
  return Result;
}

} // namespace heddle
