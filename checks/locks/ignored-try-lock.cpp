// An attempt to lock whose outcome nobody looks at, and a lock that is then given back all the
// same.
#include "checks/Check.h"
#include "checks/LockWords.h"

using namespace heddle;

namespace heddle::checks {
extern const Check IgnoredTryLock;
const Check IgnoredTryLock{[](const ProgramModel &Program, Reporter &Out) {
  for (const LockFault &Fault : Program.lockFaults()) {
    if (Fault.What != LockFault::UncheckedTry)
      continue;
    Finding F = lockFinding(Program, Fault,
                            "nobody looks whether this attempt to lock " +
                                quoteLock(Program, Fault) + " succeeds, and it is unlocked anyway");
    F.Notes.push_back({Program.unit().resolve(Fault.Before), "taken to be held here"});
    Out.report(std::move(F));
  }
}};
} // namespace heddle::checks
