// A guard without a name ends with its statement, and what follows runs without the lock.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <set>

using namespace heddle;

namespace {

/// Of a class of the project's: whether making an object takes a lock that its end gives back.
bool isGuard(const ProgramModel &Program, const DroppedGuard &Dropped) {
  if (Dropped.Constructor == InvalidId)
    return true;
  const Summary &Making = Program.summary(Dropped.Constructor);
  return (!Making.Acquired.empty() || !Making.Taken.empty()) &&
         !Program.summary(Dropped.Destructor).Released.empty();
}

std::string describe(const DroppedGuard &Dropped) {
  switch (Dropped.How) {
  case DroppedGuard::Temporary:
    return Dropped.IsAdopted
               ? "this guard has no name: it gives its lock back at once, and what follows runs "
                 "without it"
               : "this guard has no name: it lets its lock go at once, and what follows runs "
                 "without it";
  case DroppedGuard::Result:
    return "nobody keeps the guard that '" + Dropped.Name +
           "' returns: it lets its lock go at once, and what follows runs without it";
  case DroppedGuard::Variable:
    return "this declares a guard called '" + Dropped.Name +
           "' that has no lock; nothing is locked here";
  case DroppedGuard::Prototype:
    return "this declares a function called '" + Dropped.Name +
           "' that returns a guard; nothing is locked here";
  }
  return {};
}

void addFix(const UnitFacts &Unit, const DroppedGuard &Dropped, Finding &F) {
  if (!Dropped.NameBelongs.isValid() || Dropped.FreeName.empty())
    return;
  FileRange Place = Unit.resolve(Dropped.NameBelongs);
  Fix Result;
  Result.Title = "give the guard a name, so that it lives until the end of its block";
  Result.Safety = FixSafety::Safe;
  if (Dropped.How == DroppedGuard::Result)
    Result.Edits.push_back({Place.before(), "const auto " + Dropped.FreeName + " = "});
  else
    Result.Edits.push_back({Place.behind(), " " + Dropped.FreeName});
  F.Fixes.push_back(std::move(Result));
}

void report(const ProgramModel &Program, const FunctionFacts &In, const DroppedGuard &Dropped,
            Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  Finding F;
  F.Sureness = Confidence::Certain;
  F.Primary = Unit.resolve(Dropped.Whole);
  F.Identity = In.Usr + " " + Dropped.Type + " " + Dropped.Name;
  F.Message = describe(Dropped);
  if (Dropped.Lock != InvalidId)
    F.Notes.push_back(
        {Unit.resolve(Unit.Entities[Dropped.Lock].Declaration),
         "the lock '" + Dropped.Name +
             "' is declared here; the new variable hides it for the rest of its block"});
  if (Dropped.Constructor != InvalidId)
    F.Notes.push_back({Unit.resolve(Unit.Functions[Dropped.Constructor].NameRange),
                       "the constructor takes a lock, and the destructor gives it back"});
  addFix(Unit, Dropped, F);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Seen; // instances of a template share their text
  for (const FunctionFacts &Function : Program.unit().Functions)
    for (const DroppedGuard &Dropped : Function.DroppedGuards)
      if (isGuard(Program, Dropped) && Seen.insert(Dropped.Whole).second)
        report(Program, Function, Dropped, Out);
}

} // namespace

namespace heddle::checks {
extern const Check UnnamedGuard;
const Check UnnamedGuard{run};
} // namespace heddle::checks
