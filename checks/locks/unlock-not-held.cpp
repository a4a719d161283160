// A lock that is given back by a thread that does not hold it, or in the wrong mode.
#include "checks/Check.h"
#include "checks/LockWords.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

std::string message(const ProgramModel &Program, const LockFault &Fault) {
  std::string Lock = quoteLock(Program, Fault);
  if (Fault.What == LockFault::WrongMode)
    return Fault.WasShared ? Lock + " is held for reading and unlocked as if for writing"
                           : Lock + " is held for writing and unlocked as if for reading";
  if (Fault.OfGuard)
    return Lock + " is told to unlock although it owns no lock here";
  std::string Unlocked = Lock + " is unlocked";
  if (!Fault.Calls.empty())
    Unlocked = "the call of " + quoteFunction(Program.unit(), Fault.Calls.front().Callee) +
               " unlocks " + Lock;
  if (Fault.TryFailed)
    return Unlocked + " where the attempt to lock it has failed";
  if (Fault.Before.isValid())
    return Unlocked + " a second time: this thread no longer holds it";
  return Unlocked + " by a thread that has not locked it";
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  for (const LockFault &Fault : Program.lockFaults()) {
    bool IsWrongMode = Fault.What == LockFault::WrongMode;
    if (Fault.What != LockFault::NotHeld && !IsWrongMode)
      continue;
    Finding F = lockFinding(Program, Fault, message(Program, Fault));
    const char *Before =
        IsWrongMode       ? Fault.WasShared ? "locked for reading here" : "locked for writing here"
        : Fault.TryFailed ? "tries to lock it here"
                          : "unlocked here already";
    F.Threads.push_back(lockStory(Program, Fault, Before, "unlocked here"));
    if (Fault.Before.isValid())
      F.Notes.push_back({Unit.resolve(Fault.Before), Before});
    Out.report(std::move(F));
  }
}

} // namespace

namespace heddle::checks {
extern const Check UnlockNotHeld;
const Check UnlockNotHeld{run};
} // namespace heddle::checks
