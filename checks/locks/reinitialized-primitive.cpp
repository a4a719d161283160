// B12: a primitive that is initialised twice, or used without having been initialised.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <set>

using namespace heddle;

namespace {

void report(const ProgramModel &Program, const PrimitiveMisuse &Misuse, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  bool IsTwice = Misuse.What == PrimitiveMisuse::SetUpTwice;
  std::string Spelled = Program.spell(Misuse.Use.Object, Misuse.Frame);
  std::string Name = Spelled.empty() ? "this primitive" : "'" + Spelled + "'";
  Finding F;
  F.Message = IsTwice ? Name + " is initialised a second time without having been destroyed: who "
                               "holds it or waits for it is forgotten"
              : Misuse.Use.What == PrimitiveUse::TearDown
                  ? Name + " is destroyed, but nothing has initialised it"
                  : Name +
                        " is used here, but nothing has initialised it: it holds whatever was in "
                        "its memory";
  F.Primary = Unit.resolve(Misuse.Use.Where);
  if (Misuse.Before.isValid())
    F.Notes.push_back({Unit.resolve(Misuse.Before),
                       IsTwice ? "initialised here for the first time" : "comes to life here"});
  for (const CallStep &Call : Misuse.Use.Calls)
    F.Notes.push_back(
        {Unit.resolve(Call.Where), "reached by this call of " + quoteFunction(Unit, Call.Callee)});
  EntityId Subject = Misuse.Use.Object.subject();
  F.Identity = Unit.Functions[Misuse.Use.In].Usr +
               (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const PrimitiveMisuse &Misuse : Program.primitiveMisuses())
    if ((Misuse.What == PrimitiveMisuse::SetUpTwice ||
         Misuse.What == PrimitiveMisuse::NeverSetUp) &&
        Told.insert(Misuse.Use.Where).second)
      report(Program, Misuse, Out);
}

} // namespace

namespace heddle::checks {
extern const Check ReinitializedPrimitive;
const Check ReinitializedPrimitive{run};
} // namespace heddle::checks
