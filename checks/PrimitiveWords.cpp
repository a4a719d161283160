#include "checks/PrimitiveWords.h"

#include "checks/StoryTeller.h"

using namespace heddle;

std::string heddle::quotePrimitive(const ProgramModel &Program, const PrimitiveMisuse &Misuse,
                                   const char *Otherwise) {
  std::string Spelled = Program.spell(Misuse.Use.Object, Misuse.Frame);
  return Spelled.empty() ? Otherwise : "'" + Spelled + "'";
}

Finding heddle::primitiveFinding(const ProgramModel &Program, const PrimitiveMisuse &Misuse,
                                 std::string Message, std::string BeforeWords) {
  const UnitFacts &Unit = Program.unit();
  Finding F;
  F.Message = std::move(Message);
  F.Primary = Unit.resolve(Misuse.Use.Where);
  if (Misuse.Before.isValid())
    F.Notes.push_back({Unit.resolve(Misuse.Before), std::move(BeforeWords)});
  for (const CallStep &Call : Misuse.Use.Calls)
    F.Notes.push_back(
        {Unit.resolve(Call.Where), "reached by this call of " + quoteFunction(Unit, Call.Callee)});
  EntityId Subject = Misuse.Use.Object.subject();
  F.Identity = Unit.Functions[Misuse.Use.In].Usr +
               (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  return F;
}
