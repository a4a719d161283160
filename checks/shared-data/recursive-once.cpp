// Code that runs once and, on its way, waits for its own end.
#include "checks/Check.h"
#include "checks/StoryTeller.h"
#include "model/program/OnceCycles.h"

#include <algorithm>

using namespace heddle;

namespace {

void report(const UnitFacts &Unit, const OnceCycle &Cycle, Reporter &Out) {
  const Entity &Subject = Unit.Entities[Cycle.Subject];
  std::string Name = "'" + Subject.Name + "'";
  Finding F;
  F.Sureness = Confidence::Likely;
  F.Identity = Unit.Functions[Cycle.In].Usr + Subject.Usr;
  F.Primary = Unit.resolve(Cycle.First);
  F.Message = Cycle.IsStatic ? "the initialiser of the static " + Name + " comes back to " +
                                   quoteFunction(Unit, Cycle.In) +
                                   " before it is done; the thread waits for itself"
                             : "what runs once for " + Name + " calls once for " + Name +
                                   " again before it is done; the thread waits for itself";
  for (const CallStep &Call : Cycle.Calls)
    F.Notes.push_back(
        {Unit.resolve(Call.Where), "from here into " + quoteFunction(Unit, Call.Callee)});
  if (!Cycle.IsStatic)
    F.Notes.push_back({Unit.resolve(Cycle.Again),
                       "waits here for the first call, which cannot end before this one does"});
  if (Subject.Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Subject.Declaration), Name + " is declared here"});
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  bool Any =
      std::any_of(Unit.Functions.begin(), Unit.Functions.end(), [](const FunctionFacts &Function) {
        return !Function.OnceCalls.empty() || !Function.StaticInitializers.empty();
      });
  if (!Any)
    return;
  for (const OnceCycle &Cycle : onceCycles(ValueFlow(Unit)))
    report(Unit, Cycle, Out);
}

} // namespace

namespace heddle::checks {
extern const Check RecursiveOnce;
const Check RecursiveOnce{run};
} // namespace heddle::checks
