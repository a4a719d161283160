#include "driver/tidy/TidyUnit.h"

#include "driver/config/PlaceFilter.h"
#include "driver/config/Suppression.h"
#include "driver/config/TidyConfig.h"

#include "clang/AST/ASTContext.h"
#include "clang/Basic/SourceManager.h"
#include "clang/Basic/Stack.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/thread.h"

using namespace llvm;

namespace heddle {
namespace {

// What clang-tidy will let through, as far as that can be known.
class TidyAudience : public FixAudience {
public:
  TidyAudience(const clang::tidy::ClangTidyContext &Tidy, clang::SourceManager &Sources,
               const std::map<std::string, RuleSettings> &Wanted)
      : Tidy(Tidy), Sources(Sources), Wanted(Wanted) {
    const clang::tidy::ClangTidyOptions &Options = Tidy.getOptions();
    auto Known = PlaceFilter::create(Options.HeaderFilterRegex.value_or(""),
                                     Options.ExcludeHeaderFilterRegex.value_or(""), "");
    // clang-tidy itself complains of a bad regular expression.
    if (Known)
      Headers = std::move(*Known);
    else
      consumeError(Known.takeError());
  }

  bool isShown(const Finding &F) const override {
    clang::SourceLocation Place = locationOf(F.Primary, Sources);
    return Place.isValid() &&
           Headers.passes(F.Primary.File, F.Primary.Line, Sources.isInMainFile(Place)) &&
           passesLines(F.Primary);
  }

  bool allowsUnsafe(const Finding &F) const override {
    return Wanted.find(F.Rule)->second.FixUnsafe;
  }

private:
  bool passesLines(const FileRange &Where) const {
    const auto &Filter = Tidy.getGlobalOptions().LineFilter;
    auto File = find_if(
        Filter, [&](const auto &Each) { return StringRef(Where.File).ends_with(Each.Name); });
    if (File == Filter.end())
      return Filter.empty();
    return File->LineRanges.empty() || any_of(File->LineRanges, [&](const auto &Range) {
             return Range.first <= Where.Line && Where.Line <= Range.second;
           });
  }

  const clang::tidy::ClangTidyContext &Tidy;
  clang::SourceManager &Sources;
  const std::map<std::string, RuleSettings> &Wanted;
  PlaceFilter Headers;
};

} // namespace

ArrayRef<PlannedFinding> TidyUnit::findings(clang::ASTContext &Context) {
  if (Plan)
    return *Plan;
  Plan.emplace();
  if (!Words || Context.getDiagnostics().hasUncompilableErrorOccurred())
    return *Plan;
  AnalysisRequest Request;
  Request.Known = &Rules;
  for (const auto &[Rule, Settings] : Wanted) {
    Request.Rules.insert(Rule);
    Request.MinimumOf[Rule] = Settings.Minimum;
  }
  // clang-tidy's own thread has room for parsing, and no more.
  thread Deep(std::optional<unsigned>(AnalysisStackSize), [&] {
    clang::noteBottomOfStack();
    Found = analyzeUnit(Context, *Words, Request);
  });
  Deep.join();
  Plan = planForTidy(Found, TidyAudience(Tidy, Context.getSourceManager(), Wanted));
  // What clang-tidy would suppress as well, it shall count.
  for (const Finding &F : Found.Suppressed)
    if (std::optional<StringRef> Text = Found.Texts.text(F.Primary.File);
        Text && Suppressions(*Text).cover(F.Primary.Begin, {"heddle-" + F.Rule}))
      Plan->push_back({&F, nullptr, {}});
  return *Plan;
}

std::shared_ptr<TidyUnit> TidyUnits::unitOf(clang::tidy::ClangTidyContext &Tidy) {
  std::weak_ptr<TidyUnit> &Known = Units[&Tidy];
  std::shared_ptr<TidyUnit> Unit = Known.lock();
  if (!Unit) {
    Unit = std::make_shared<TidyUnit>(Tidy, Rules);
    Known = Unit;
  }
  return Unit;
}

Expected<std::shared_ptr<const Vocabulary>> TidyUnits::words(StringRef Files, StringRef MainFile) {
  SmallString<256> Path(MainFile);
  if (std::error_code Problem = sys::fs::make_absolute(Path))
    return createStringError("no current folder: " + Problem.message());
  std::vector<std::string> Paths;
  for (const std::string &Name : splitNames(Files))
    Paths.push_back(locateUpwards(Name, sys::path::parent_path(Path)));
  std::shared_ptr<const Vocabulary> &Known = Vocabularies[join(Paths, ";")];
  if (Known)
    return Known;
  Expected<Vocabulary> Words = Vocabulary::builtin();
  if (!Words)
    return Words.takeError();
  for (const std::string &Path : Paths) {
    auto Buffer = MemoryBuffer::getFile(Path, /*IsText=*/true);
    if (!Buffer)
      return createStringError("cannot read vocabulary '" + Path +
                               "': " + Buffer.getError().message());
    if (Error E = Words->add((*Buffer)->getBuffer(), Path))
      return std::move(E);
  }
  Known = std::make_shared<const Vocabulary>(std::move(*Words));
  return Known;
}

} // namespace heddle
