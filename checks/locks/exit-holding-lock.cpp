// A thread that ends while it holds a lock: nobody can ever take it again.
#include "checks/Check.h"
#include "checks/LockWords.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace heddle::checks {
extern const Check ExitHoldingLock;
const Check ExitHoldingLock{[](const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  for (const LockFault &Fault : Program.lockFaults()) {
    if (Fault.What != LockFault::ThreadEnds)
      continue;
    std::string Thread = Fault.Spawn.isValid()
                             ? "the thread that runs " + quoteFunction(Unit, Fault.In)
                             : "the thread";
    Finding F = lockFinding(Program, Fault,
                            Thread + " ends here while it holds " + quoteLock(Program, Fault));
    F.Threads.push_back(lockStory(Program, Fault, "locked here", "ends here, still holding it"));
    if (Fault.Before.isValid())
      F.Notes.push_back({Unit.resolve(Fault.Before), "locked here"});
    Out.report(std::move(F));
  }
}};
} // namespace heddle::checks
