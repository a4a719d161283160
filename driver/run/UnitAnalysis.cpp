#include "driver/run/UnitAnalysis.h"

#include "checks/StoryTeller.h"
#include "driver/catalogue/Catalogue.h"
#include "driver/config/Suppression.h"
#include "model/program/ProgramModel.h"
#include "model/unit/UnitFactsBuilder.h"

#include "clang/AST/ASTContext.h"
#include "clang/Basic/FileManager.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

#include <map>
#include <tuple>

using namespace clang;
using namespace heddle;
using llvm::StringRef;

namespace {

class RuleReporter : public Reporter {
public:
  RuleReporter(StringRef Rule, std::vector<Finding> &Out) : Rule(Rule), Out(Out) {}

  void report(Finding F) override {
    F.Rule = std::string(Rule);
    tellApart(F.Threads);
    Out.push_back(std::move(F));
  }

private:
  StringRef Rule;
  std::vector<Finding> &Out;
};

FileID fileOf(const FileRange &Range, SourceManager &Sources) {
  OptionalFileEntryRef File = Sources.getFileManager().getOptionalFileRef(Range.File);
  return File ? Sources.translateFile(*File) : FileID();
}

// Turns what the checks say into what a front end wants.
class Finisher {
public:
  Finisher(SourceManager &Sources, const Catalogue *Known) : Sources(Sources), Known(Known) {}

  UnitFindings run(std::vector<Finding> Findings) {
    for (Finding &F : Findings) {
      forEachRange(F, [&](FileRange &Range) { keepText(Range); });
      std::vector<Finding> &Where = isSuppressed(F) ? Result.Suppressed : Result.Findings;
      Where.push_back(std::move(F));
    }
    return std::move(Result);
  }

private:
  void keepText(FileRange &Range) {
    OptionalFileEntryRef File = Sources.getFileManager().getOptionalFileRef(Range.File);
    llvm::SmallString<256> Path(Range.File);
    llvm::sys::path::remove_dots(Path, /*remove_dot_dot=*/true);
    Range.File = Path.str().str();
    if (!File || Result.Texts.contains(Range.File))
      return;
    if (auto Text = Sources.getMemoryBufferForFileOrNone(*File))
      Result.Texts.add(Range.File, Text->getBuffer());
  }

  bool isSuppressed(const Finding &F) {
    std::optional<StringRef> Text = Result.Texts.text(F.Primary.File);
    if (!Text)
      return false;
    std::vector<std::string> Names = namesOf(F.Rule);
    auto [Known, IsNew] = Comments.try_emplace(F.Primary.File, *Text);
    if (IsNew)
      for (const Suppressions::Unmatched &Each : Known->second.unmatched())
        complain(F.Primary.File, Each);
    return Known->second.cover(F.Primary.Begin, Names);
  }

  std::vector<std::string> namesOf(const std::string &Rule) const {
    std::vector<std::string> Names = {Rule};
    if (const RuleInfo *Info = Known ? Known->find(Rule) : nullptr)
      Names.insert(Names.end(), Info->Aliases.begin(), Info->Aliases.end());
    for (size_t I = 0, End = Names.size(); I < End; ++I)
      Names.push_back("heddle-" + Names[I]);
    return Names;
  }

  void complain(const std::string &File, const Suppressions::Unmatched &What) {
    FileRange Where{File, What.Offset, What.Offset + What.Length,
                    Result.Texts.lineNumber(File, What.Offset),
                    Result.Texts.bytesIntoLine(File, What.Offset) + 1};
    Result.UnmatchedComments.push_back({std::move(Where), What.Message.str()});
  }

  SourceManager &Sources;
  const Catalogue *Known;
  std::map<std::string, Suppressions> Comments;
  UnitFindings Result;
};

} // namespace

void heddle::forEachRange(Finding &F, llvm::function_ref<void(FileRange &)> Visit) {
  Visit(F.Primary);
  for (Note &N : F.Notes)
    Visit(N.Where);
  for (ThreadStory &Story : F.Threads)
    for (ThreadStep &Step : Story.Steps)
      Visit(Step.Where);
  for (Fix &Proposal : F.Fixes)
    for (Edit &E : Proposal.Edits)
      Visit(E.Where);
}

clang::SourceLocation heddle::locationOf(const FileRange &Range, SourceManager &Sources) {
  FileID File = fileOf(Range, Sources);
  if (File.isInvalid())
    return {};
  return Sources.getLocForStartOfFile(File).getLocWithOffset(static_cast<int>(Range.Begin));
}

UnitFindings heddle::analyzeUnit(ASTContext &Context, const Vocabulary &Words,
                                 const AnalysisRequest &Request) {
  if (Request.Rules.empty() && Request.DumpFamilies.empty())
    return {};
  ProgramModel Program(extractUnitFacts(Context, Words, Request.Stop), Request.Stop);
  for (const std::string &Family : Request.DumpFamilies)
    Program.dump(Family, *Request.DumpTo);
  std::vector<Finding> Findings;
  for (const RegisteredCheck &Each : allChecks()) {
    if (Request.Stop.isMade())
      return {};
    if (!Request.Rules.count(std::string(Each.Id)))
      continue;
    RuleReporter Out(Each.Id, Findings);
    Each.Logic->Run(Program, Out);
  }
  llvm::erase_if(Findings, [&](const Finding &F) {
    auto Own = Request.MinimumOf.find(F.Rule);
    return F.Sureness > (Own == Request.MinimumOf.end() ? Request.Minimum : Own->second);
  });
  llvm::stable_sort(Findings, [](const Finding &A, const Finding &B) {
    return std::tie(A.Primary, A.Rule, A.Message) < std::tie(B.Primary, B.Rule, B.Message);
  });
  return Finisher(Context.getSourceManager(), Request.Known).run(std::move(Findings));
}
