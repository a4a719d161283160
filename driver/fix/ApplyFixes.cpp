#include "driver/fix/ApplyFixes.h"

#include "driver/fix/Edits.h"
#include "driver/fix/ReplaceFiles.h"

#include "clang/Format/Format.h"
#include "clang/Tooling/Core/Replacement.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MemoryBuffer.h"

#include <set>

using namespace llvm;
namespace format = clang::format;
namespace tooling = clang::tooling;

namespace heddle {
namespace {

// The accepted edits of one file, none overlapping another.
struct FileEdits {
  std::set<std::pair<FileRange, std::string>> Edits;
  std::set<std::string> Includes;
};

bool overlap(const FileRange &A, const FileRange &B) {
  if (A.Begin == A.End && B.Begin == B.End)
    return A.Begin == B.Begin;
  if (A.Begin == A.End)
    return B.Begin < A.Begin && A.Begin < B.End;
  if (B.Begin == B.End)
    return A.Begin < B.Begin && B.Begin < A.End;
  return A.Begin < B.End && B.Begin < A.End;
}

std::string withLineEndsOf(StringRef Code, StringRef Text) {
  if (!Code.contains("\r\n") || Text.contains('\r'))
    return Text.str();
  std::string Result;
  for (char C : Text)
    C == '\n' ? Result.append("\r\n") : Result.append(1, C);
  return Result;
}

class Planner {
public:
  Planner(ArrayRef<Finding> Findings, const SourceTexts &Texts, const FixOptions &Options)
      : Findings(Findings), Texts(Texts), Options(Options) {}

  FixPlan plan() {
    for (size_t I = 0; I < Findings.size(); ++I) {
      const Fix *Chosen = chooseFix(Findings[I], Options.Unsafe.allowed(Findings[I]));
      if (!Chosen || Chosen->Edits.empty())
        continue;
      auto LeftOut = Options.LeftOut.find(I);
      std::string Reason = LeftOut != Options.LeftOut.end() ? LeftOut->second : objection(*Chosen);
      if (Reason.empty()) {
        accept(*Chosen);
        Result.Fixed[I] = Chosen;
      } else {
        Result.Refused.push_back({I, std::move(Reason)});
      }
    }
    for (const auto &[Path, Edits] : Accepted)
      rewrite(Path, Edits);
    return std::move(Result);
  }

private:
  std::string objection(const Fix &Chosen) {
    for (const Edit &E : Chosen.Edits) {
      StringRef Rest = E.Where.File;
      bool Below =
          Rest.consume_front(Options.Root) && (Rest.starts_with("/") || Options.Root == "/");
      if (!Below && !Options.Files.count(E.Where.File))
        return "'" + E.Where.File + "' is not part of this project";
      if (Options.Staged.count(E.Where.File))
        return "'" + E.Where.File + "' has changes that are not staged";
      if (!unchanged(E.Where.File))
        return "'" + E.Where.File + "' has changed since it was read; run Heddle again";
      for (const auto &[Range, Text] : Accepted[E.Where.File].Edits)
        if (overlap(Range, E.Where) && !(Range == E.Where && Text == E.Text))
          return "its fix overlaps another one; run Heddle again";
    }
    return "";
  }

  bool unchanged(const std::string &Path) {
    auto [It, Inserted] = Unchanged.try_emplace(Path, Options.Open.count(Path) != 0);
    if (Inserted && !It->second) {
      auto OnDisk = MemoryBuffer::getFile(Path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
      std::optional<StringRef> Parsed = Texts.text(Path);
      It->second = OnDisk && Parsed && (*OnDisk)->getBuffer() == *Parsed;
    }
    return It->second;
  }

  void accept(const Fix &Chosen) {
    for (const Edit &E : Chosen.Edits) {
      FileEdits &File = Accepted[E.Where.File];
      File.Edits.emplace(E.Where, E.Text);
      File.Includes.insert(Chosen.Includes.begin(), Chosen.Includes.end());
    }
  }

  void rewrite(const std::string &Path, const FileEdits &File) {
    StringRef Old = *Texts.text(Path);
    tooling::Replacements All;
    std::vector<tooling::Range> Changed;
    size_t Grown = 0;
    for (const auto &[Range, Text] : File.Edits) {
      std::string New = withLineEndsOf(Old, Text);
      Changed.emplace_back(Range.Begin + Grown, New.size());
      Grown += New.size() - (Range.End - Range.Begin);
      add(All, {Path, Range.Begin, Range.End - Range.Begin, New});
    }
    All = All.merge(formatting(Path, apply(Old, All), Changed));
    for (const std::string &Header : File.Includes)
      if (auto Include = includeOf(Header, apply(Old, All), Path))
        All =
            All.merge(tooling::Replacements({Path, Include->getOffset(), Include->getLength(),
                                             withLineEndsOf(Old, Include->getReplacementText())}));
    Result.NewTexts[Path] = apply(Old, All);
    for (const tooling::Replacement &R : All) {
      FileRange Where{Path, R.getOffset(), R.getOffset() + R.getLength(), 0, 0};
      Where.Line = Texts.lineNumber(Path, Where.Begin);
      Where.Column = Texts.bytesIntoLine(Path, Where.Begin) + 1;
      Result.Edits[Path].push_back({Where, R.getReplacementText().str()});
    }
  }

  // Two edits may insert at one place: the second one goes behind the first.
  static void add(tooling::Replacements &To, const tooling::Replacement &New) {
    if (Error Conflict = To.add(New)) {
      consumeError(std::move(Conflict));
      unsigned At = To.getShiftedCodePosition(New.getOffset());
      To = To.merge(tooling::Replacements(
          {New.getFilePath(), At, New.getLength(), New.getReplacementText()}));
    }
  }

  // Edits that do not overlap can be applied.
  static std::string apply(StringRef Code, const tooling::Replacements &Edits) {
    return cantFail(tooling::applyAllReplacements(Code, Edits));
  }

  // Without a .clang-format nobody has said how the project looks, and the text stays as it is.
  static tooling::Replacements formatting(StringRef Path, StringRef Code,
                                          ArrayRef<tooling::Range> Changed) {
    Expected<format::FormatStyle> Style = format::getStyle("file", Path, "none", Code);
    if (!Style) {
      consumeError(Style.takeError());
      return {};
    }
    if (Style->DisableFormat)
      return {};
    return reformat(*Style, Code, Changed, Path);
  }

  const ArrayRef<Finding> Findings;
  const SourceTexts &Texts;
  const FixOptions &Options;
  FixPlan Result;
  std::map<std::string, FileEdits> Accepted;
  std::map<std::string, bool> Unchanged;
};

} // namespace

FixPlan planFixes(ArrayRef<Finding> Findings, const SourceTexts &Texts, const FixOptions &Options) {
  return Planner(Findings, Texts, Options).plan();
}

Error applyPlan(const FixPlan &Plan) { return replaceFiles(Plan.NewTexts); }

} // namespace heddle
