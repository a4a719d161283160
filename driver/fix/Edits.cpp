#include "driver/fix/Edits.h"

#include "clang/Format/Format.h"
#include "clang/Tooling/Inclusions/HeaderIncludes.h"
#include "llvm/ADT/STLExtras.h"

#include <set>

using namespace llvm;
namespace tooling = clang::tooling;

namespace heddle {

const Fix *chooseFix(const Finding &F, bool Unsafe) {
  for (const Fix &Candidate : F.Fixes)
    if (Candidate.Safety == FixSafety::Safe)
      return &Candidate;
  return Unsafe && !F.Fixes.empty() ? &F.Fixes.front() : nullptr;
}

static clang::tooling::IncludeStyle includeStyle(StringRef Path, StringRef Code) {
  Expected<clang::format::FormatStyle> Style = clang::format::getStyle("file", Path, "LLVM", Code);
  if (Style)
    return Style->IncludeStyle;
  consumeError(Style.takeError());
  return clang::format::getLLVMStyle().IncludeStyle;
}

std::optional<tooling::Replacement> includeOf(StringRef Header, StringRef Code, StringRef Path) {
  if (Header.empty())
    return std::nullopt;
  tooling::HeaderIncludes Includes(Path, Code, includeStyle(Path, Code));
  auto Insert = [&](bool IsAngled) {
    return Includes.insert(Header.drop_front().drop_back(), IsAngled,
                           tooling::IncludeDirective::Include);
  };
  // Whoever includes it in the other way has it as well.
  bool IsAngled = Header.starts_with("<");
  return Insert(!IsAngled) ? Insert(IsAngled) : std::nullopt;
}

std::vector<Edit> allEdits(const Fix &Proposal, const SourceTexts &Texts) {
  std::vector<Edit> Result = Proposal.Edits;
  std::set<std::string> Files;
  for (const Edit &E : Proposal.Edits)
    Files.insert(E.Where.File);
  for (const std::string &File : Files) {
    std::optional<StringRef> Text = Texts.text(File);
    if (!Text)
      continue;
    for (const std::string &Header : Proposal.Includes) {
      auto R = includeOf(Header, *Text, File);
      if (!R)
        continue;
      FileRange Where{File, R->getOffset(), R->getOffset() + R->getLength(), 0, 0};
      Where.Line = Texts.lineNumber(File, Where.Begin);
      Where.Column = Texts.bytesIntoLine(File, Where.Begin) + 1;
      // Two headers for one place are one edit: insertions at the same offset would overlap.
      auto Same = find_if(Result, [&](const Edit &E) { return E.Where == Where; });
      if (Same != Result.end())
        Same->Text += R->getReplacementText();
      else
        Result.push_back({Where, R->getReplacementText().str()});
    }
  }
  stable_sort(Result, [](const Edit &A, const Edit &B) { return A.Where < B.Where; });
  return Result;
}

} // namespace heddle
