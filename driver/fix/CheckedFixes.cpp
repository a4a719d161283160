#include "driver/fix/CheckedFixes.h"

using namespace llvm;

namespace heddle {
namespace {

// A few fixes that get in each other's way are found among hundreds; those that are left when the
// trials are used up are not made.
constexpr unsigned MaxTrials = 24;

class CheckedPlanner {
public:
  CheckedPlanner(ArrayRef<Finding> Findings, const SourceTexts &Texts, FixOptions Options,
                 const Trial &Try)
      : Findings(Findings), Texts(Texts), Options(std::move(Options)), Try(Try) {}

  std::optional<FixPlan> plan() {
    FixPlan All = planFixes(Findings, Texts, Options);
    if (All.NewTexts.empty())
      return All;
    std::optional<Flaws> After = Try(All.NewTexts);
    if (!After)
      return std::nullopt;
    if (After->Deadlocks == 0 && After->Failures == 0)
      return All;
    // There are perhaps as many without any fix.
    std::map<std::string, std::string> AsBefore;
    for (const auto &[Path, Text] : All.NewTexts)
      AsBefore[Path] = Texts.text(Path)->str();
    std::optional<Flaws> Found = Try(AsBefore);
    if (!Found)
      return std::nullopt;
    Before = *Found;
    if (!worse(*After))
      return All;

    std::vector<size_t> Wanted;
    for (size_t I = 0; I < Findings.size(); ++I) {
      if (All.Fixed.count(I))
        Wanted.push_back(I);
      Options.LeftOut[I] = "another one gets in its way; run Heddle again";
    }
    // All of them at once are known to be too many.
    size_t Half = (Wanted.size() + 1) / 2;
    if (Wanted.size() == 1)
      Options.LeftOut[Wanted.front()] = reason(*After);
    else if (!add(ArrayRef(Wanted).take_front(Half)) || !add(ArrayRef(Wanted).drop_front(Half)))
      return std::nullopt;
    return planFixes(Findings, Texts, Options);
  }

private:
  bool worse(const Flaws &Than) const {
    return Than.Deadlocks > Before.Deadlocks || Than.Failures > Before.Failures;
  }

  std::string reason(const Flaws &Now) const {
    return Now.Failures > Before.Failures
               ? "with its fix the code would not compile"
               : "with its fix and those that are made the code would deadlock";
  }

  /// Adds as many of the fixes as can be made. False: interrupted.
  bool add(ArrayRef<size_t> Wanted) {
    if (Trials++ == MaxTrials)
      return true;
    std::map<size_t, std::string> Rest = Options.LeftOut;
    for (size_t I : Wanted)
      Options.LeftOut.erase(I);
    std::optional<Flaws> Now = Try(planFixes(Findings, Texts, Options).NewTexts);
    if (!Now)
      return false;
    if (!worse(*Now))
      return true;
    Options.LeftOut = std::move(Rest);
    if (Wanted.size() == 1) {
      Options.LeftOut[Wanted.front()] = reason(*Now);
      return true;
    }
    size_t Half = Wanted.size() / 2;
    return add(Wanted.take_front(Half)) && add(Wanted.drop_front(Half));
  }

  const ArrayRef<Finding> Findings;
  const SourceTexts &Texts;
  FixOptions Options;
  const Trial &Try;
  Flaws Before;
  unsigned Trials = 0;
};

} // namespace

std::optional<FixPlan> planCheckedFixes(ArrayRef<Finding> Findings, const SourceTexts &Texts,
                                        FixOptions Options, const Trial &Try) {
  return CheckedPlanner(Findings, Texts, std::move(Options), Try).plan();
}

} // namespace heddle
