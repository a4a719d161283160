// A thread that ends while it holds a lock: nobody can ever take it again.
#include "checks/Check.h"
#include "checks/LockStories.h"
#include "checks/LockWords.h"
#include "checks/StoryTeller.h"
#include "model/program/Cancellation.h"

using namespace heddle;

static void report(const ProgramModel &Program, const CancelledHolder &Found, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::string Lock = quoteLock(Program, Found.Held.Path, Found.Entry, Found.Held.Where);
  Finding F;
  F.Message = "the thread that runs " + quoteFunction(Unit, Found.Entry) +
              " may be cancelled here while it holds " + Lock +
              ": nobody has been told to give it back";
  F.Primary = Unit.resolve(Found.Point.Where);
  F.Identity = Unit.Functions[Found.Point.In].Usr + " cancelled " +
               Unit.Entities[Found.Held.Path.subject()].Usr;
  F.Threads.push_back(tellHolding(Program, Found.Point, Found.Entry, Found.Held,
                                  "ends here when it has been cancelled"));
  F.Notes.push_back({Unit.resolve(Found.Cancel), "cancelled here"});
  F.Notes.push_back({Unit.resolve(Found.Spawn), "the thread is started here"});
  F.Notes.push_back({Unit.resolve(Found.Held.Where), Lock + " is locked here"});
  Out.report(std::move(F));
}

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
    F.Threads.push_back(lockStory(Program, Fault, "locked here", "ends here"));
    if (Fault.Before.isValid())
      F.Notes.push_back({Unit.resolve(Fault.Before), "locked here"});
    Out.report(std::move(F));
  }
  for (const CancelledHolder &Found : findCancelledHolders(Program))
    report(Program, Found, Out);
}};
} // namespace heddle::checks
