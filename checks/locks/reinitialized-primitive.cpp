// B12: a primitive that is initialised twice, or used without having been initialised.
#include "checks/Check.h"
#include "checks/PrimitiveWords.h"

#include <set>

using namespace heddle;

namespace {

void report(const ProgramModel &Program, const PrimitiveMisuse &Misuse, Reporter &Out) {
  bool IsTwice = Misuse.What == PrimitiveMisuse::SetUpTwice;
  std::string Name = quotePrimitive(Program, Misuse, "this primitive");
  std::string Message =
      IsTwice ? Name + " is initialised a second time without having been destroyed: who "
                       "holds it or waits for it is forgotten"
      : Misuse.Use.What == PrimitiveUse::TearDown
          ? Name + " is destroyed, but nothing has initialised it"
          : Name + " is used here, but nothing has initialised it: it holds whatever was in "
                   "its memory";
  Out.report(
      primitiveFinding(Program, Misuse, std::move(Message),
                       IsTwice ? "initialised here for the first time" : "comes to life here"));
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
