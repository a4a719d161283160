#include "driver/tidy/RuleCheck.h"

#include "driver/run/StoryNotes.h"

#include "clang/AST/ASTContext.h"
#include "clang/ASTMatchers/ASTMatchFinder.h"
#include "clang/ASTMatchers/ASTMatchers.h"

using namespace clang;
using namespace clang::ast_matchers;
using llvm::StringRef;

namespace heddle {
namespace {

constexpr llvm::StringLiteral MinimumOption = "HeddleMinConfidence";
constexpr llvm::StringLiteral FixUnsafeOption = "HeddleFixUnsafe";
constexpr llvm::StringLiteral VocabularyOption = "HeddleVocabulary";

CharSourceRange charRange(const FileRange &Range, SourceManager &Sources) {
  SourceLocation Begin = locationOf(Range, Sources);
  if (Begin.isInvalid())
    return {};
  return CharSourceRange::getCharRange(
      Begin, Begin.getLocWithOffset(static_cast<int>(Range.End - Range.Begin)));
}

void addEdits(const DiagnosticBuilder &To, llvm::ArrayRef<Edit> Edits, SourceManager &Sources) {
  for (const Edit &E : Edits)
    if (CharSourceRange Range = charRange(E.Where, Sources); Range.isValid())
      To << FixItHint::CreateReplacement(Range, E.Text);
}

} // namespace

RuleCheck::RuleCheck(StringRef Name, tidy::ClangTidyContext *Tidy, const RuleInfo &Info,
                     std::shared_ptr<TidyUnits> Shared)
    : ClangTidyCheck(Name, Tidy), Rule(Info.Id),
      MinimumText(Options.getLocalOrGlobal(MinimumOption, spelling(Confidence::Likely))),
      VocabularyFiles(Options.getLocalOrGlobal(VocabularyOption, "")),
      FixUnsafe(Options.getLocalOrGlobal(FixUnsafeOption, false)), Units(std::move(Shared)),
      Unit(Units->unitOf(*Tidy)) {
  std::optional<Confidence> Minimum = parseConfidence(MinimumText);
  if (!Minimum)
    configurationDiag("%0 is certain, likely or possible, not '%1'", DiagnosticIDs::Error)
        << MinimumOption << MinimumText;
  Unit->want(Rule, {Minimum.value_or(Confidence::Likely), FixUnsafe});
}

void RuleCheck::storeOptions(tidy::ClangTidyOptions::OptionMap &Stored) {
  Options.store(Stored, MinimumOption, MinimumText);
  Options.store(Stored, FixUnsafeOption, FixUnsafe);
  Options.store(Stored, VocabularyOption, VocabularyFiles);
}

void RuleCheck::registerMatchers(MatchFinder *Finder) {
  llvm::Expected<std::shared_ptr<const Vocabulary>> Words =
      Units->words(VocabularyFiles, getCurrentMainFile());
  if (!Words) {
    configurationDiag("%0", DiagnosticIDs::Error) << llvm::toString(Words.takeError());
    return;
  }
  Unit->setWords(std::move(*Words));
  Finder->addMatcher(translationUnitDecl(), this);
}

void RuleCheck::check(const MatchFinder::MatchResult &Result) {
  for (const PlannedFinding &Planned : Unit->findings(*Result.Context))
    if (Planned.What->Rule == Rule)
      say(Planned, *Result.SourceManager);
}

void RuleCheck::say(const PlannedFinding &Planned, SourceManager &Sources) {
  const Finding &F = *Planned.What;
  CharSourceRange Place = charRange(F.Primary, Sources);
  if (Place.isInvalid())
    return;
  {
    DiagnosticBuilder Warning = diag(Place.getBegin(), "%0") << F.Message << Place;
    addEdits(Warning, Planned.Edits, Sources);
  }
  for (const Note &N : storyNotes(F))
    sayNote(N, Sources);
  // Edits of a note would be applied by clang-apply-replacements, whoever called them unsafe.
  if (Planned.Proposal && Planned.Edits.empty())
    diag(Place.getBegin(), "%select{fix, once another one is made|fix to review}0: %1",
         DiagnosticIDs::Note)
        << (Planned.Proposal->Safety == FixSafety::Unsafe) << Planned.Proposal->Title;
}

void RuleCheck::sayNote(const Note &N, SourceManager &Sources) {
  if (CharSourceRange Place = charRange(N.Where, Sources); Place.isValid())
    diag(Place.getBegin(), "%0", DiagnosticIDs::Note) << N.Message << Place;
}

} // namespace heddle
