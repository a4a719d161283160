// A value that is made by whoever finds it missing, where two threads may find it missing at once.
#include "checks/Check.h"
#include "checks/OnceFixes.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

std::string reason(const ProgramModel &Program, const LazyInit &Lazy) {
  if (!Lazy.Races.empty())
    return Lazy.Races.front().Second.isWrite() ? "two threads may do so at the same time"
                                               : "another thread may read it at the same time";
  if (Lazy.Guarded)
    return "no lock is held, but elsewhere one is";
  return "no lock is held, though const members of a class with a lock are called by many threads";
}

void report(const ProgramModel &Program, const LazyInit &Lazy, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Write = Lazy.Init.Write;
  const Entity &Variable = Unit.Entities[Write.Path.subject()];
  std::string Name = "'" + Variable.Name + "'";
  Finding F;
  F.Message = Name + " is set here when it is found unset; " + reason(Program, Lazy);
  F.Primary = Unit.resolve(Write.Where);
  F.Identity = Variable.Usr;
  StoryTeller Teller(Program);
  if (!Lazy.Races.empty()) {
    const ConcurrentPair &Pair = Lazy.Races.front();
    F.Threads.push_back(Teller.tell(Pair.First, Pair.Frame, "sets " + Name));
    F.Threads.push_back(
        Teller.tell(Pair.Second, Pair.Frame, (Pair.Second.isWrite() ? "sets " : "reads ") + Name));
  }
  F.Notes.push_back({Unit.resolve(Lazy.Test.Where), "found unset here"});
  if (Lazy.Guarded)
    F.Notes.push_back({Unit.resolve(Lazy.Guarded->Where), "used here under a lock"});
  if (Variable.Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Variable.Declaration), Name + " is declared here"});
  if (std::optional<Fix> Once = initializeOnce(Unit, Lazy.Init, Lazy.Test))
    F.Fixes.push_back(std::move(*Once));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const LazyInit &Lazy : Program.lazyInits())
    report(Program, Lazy, Out);
}

} // namespace

namespace heddle::checks {
extern const Check UnsynchronizedLazyInit;
const Check UnsynchronizedLazyInit{run};
} // namespace heddle::checks
