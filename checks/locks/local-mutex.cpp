// A mutex that every call, or every thread, has for itself: it keeps nobody out.
#include "checks/Check.h"
#include "model/program/ProgramModel.h"

#include <set>

using namespace heddle;

namespace {

void report(const UnitFacts &Unit, const FunctionFacts &In, const LocalLock &Lock, Reporter &Out) {
  std::string Name = "'" + Unit.Entities[Lock.Variable].Name + "'";
  Finding F;
  F.Primary = Unit.resolve(Lock.Where);
  F.Identity = In.Usr + " " + Unit.Entities[Lock.Variable].Name;
  F.Message =
      Lock.IsThreadLocal
          ? "every thread has a " + Name + " of its own: taking it keeps no other thread out"
          : "every call of this function has a " + Name +
                " of its own, which no other thread can reach: taking it keeps nobody out";
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<SourceRange> Seen; // instances of a template share their text
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const LocalLock &Lock : Unit.Functions[Id].LocalLocks)
      if (Program.isAtWork(Id, Lock.Variable) && Seen.insert(Lock.Where).second)
        report(Unit, Unit.Functions[Id], Lock, Out);
}

} // namespace

namespace heddle::checks {
extern const Check LocalMutex;
const Check LocalMutex{run};
} // namespace heddle::checks
