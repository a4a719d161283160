#include "driver/run/Run.h"

#include "driver/run/CommonNames.h"

#include <algorithm>
#include <set>
#include <thread>
#include <tuple>

namespace heddle {

RunResult runUnits(llvm::ArrayRef<UnitCommand> Units, const Vocabulary &Words,
                   const UnitOptions &Options, unsigned Jobs, const std::atomic<bool> &Cancelled) {
  std::vector<UnitOutcome> Outcomes(Units.size());
  std::atomic<size_t> Next = 0;
  // Each outcome is written by the one thread that drew its index and read after the join.
  auto Work = [&] {
    for (size_t I = Next++; I < Units.size() && !Cancelled.load(); I = Next++)
      Outcomes[I] = runUnit(Units[I], Words, Options, Cancelled);
  };
  if (Jobs == 0)
    Jobs = std::max(1u, std::thread::hardware_concurrency());
  {
    std::vector<std::jthread> Workers;
    for (size_t I = 1; I < std::min<size_t>(Jobs, Units.size()); ++I)
      Workers.emplace_back(Work);
    Work();
  }

  RunResult Result;
  CommonNames Names(Outcomes);
  std::set<std::tuple<std::string, FileRange, std::string, std::string>> Seen;
  auto TakeNew = [&](std::vector<Finding> &From, std::vector<Finding> &To) {
    for (Finding &F : From) {
      Names.use(F);
      if (Seen.emplace(F.Rule, F.Primary, F.Identity, F.Message).second)
        To.push_back(std::move(F));
    }
  };
  for (UnitOutcome &Outcome : Outcomes) {
    if (!Outcome.Complete) {
      Result.Interrupted = true;
      continue;
    }
    ++Result.UnitsDone;
    if (Outcome.Failure)
      Result.Failures.push_back(std::move(*Outcome.Failure));
    if (!Outcome.Dump.empty())
      Result.Dumps.push_back(std::move(Outcome.Dump));
    Result.Texts.merge(std::move(Outcome.Texts));
    TakeNew(Outcome.Findings, Result.Findings);
    TakeNew(Outcome.Suppressed, Result.Suppressed);
    for (Note &N : Outcome.UnmatchedComments) {
      Names.use(N.Where);
      if (Seen.emplace("", N.Where, "", N.Message).second)
        Result.UnmatchedComments.push_back(std::move(N));
    }
  }
  return Result;
}

} // namespace heddle
