// A way out of a function that leaves the lock held which the function has taken.
#include "checks/Check.h"
#include "checks/LockWords.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

std::string message(const ProgramModel &Program, const LockFault &Fault) {
  std::string Lock = quoteLock(Program, Fault);
  std::string Function = quoteFunction(Program.unit(), Fault.In);
  if (Fault.What == LockFault::DeniedHeld)
    return Lock + " is held here, where the thread says that it holds no lock";
  if (Fault.What == LockFault::NeverUnlocked)
    return Lock + " is locked when " + Function + " ends here, and nothing ever unlocks it";
  if (Fault.Throws)
    return Lock + " stays locked when an exception leaves " + Function + " here";
  if (Fault.Jumps)
    return Lock + " stays locked when control jumps out of " + Function + " here";
  return Lock + " stays locked when " + Function + " ends here";
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  for (const LockFault &Fault : Program.lockFaults()) {
    if (Fault.What != LockFault::LeftLocked && Fault.What != LockFault::NeverUnlocked &&
        Fault.What != LockFault::DeniedHeld)
      continue;
    Finding F = lockFinding(Program, Fault, message(Program, Fault));
    F.Threads.push_back(lockStory(Program, Fault, "locked here",
                                  Fault.What == LockFault::DeniedHeld ? "still held here"
                                                                      : "left here, still locked"));
    if (Fault.Before.isValid())
      F.Notes.push_back({Unit.resolve(Fault.Before), "locked here"});
    if (Fault.Elsewhere.isValid())
      F.Notes.push_back({Unit.resolve(Fault.Elsewhere), "unlocked here on another way"});
    Out.report(std::move(F));
  }
}

} // namespace

namespace heddle::checks {
extern const Check MissingUnlock;
const Check MissingUnlock{run};
} // namespace heddle::checks
