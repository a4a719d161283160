// A lock that is taken by the thread that holds it already.
#include "checks/Check.h"
#include "checks/LockWords.h"
#include "checks/StoryTeller.h"

using namespace heddle;

namespace {

std::string message(const ProgramModel &Program, const LockFault &Fault) {
  std::string Lock = quoteLock(Program, Fault);
  if (Fault.OfGuard)
    return Lock + " is told to lock although it owns its lock already";
  const std::string Waits = ": the thread waits for itself";
  std::string Again = Lock + " is locked again";
  if (Fault.WithinCall)
    return "the call of " + quoteFunction(Program.unit(), Fault.Calls.front().Callee) + " locks " +
           Lock + ", and what it is given to call locks it again" + Waits;
  if (!Fault.Calls.empty())
    Again = "the call of " + quoteFunction(Program.unit(), Fault.Calls.front().Callee) + " locks " +
            Lock;
  else if (Fault.IsShared)
    Again = Lock + " is locked for reading";
  else if (Fault.WasShared)
    Again = Lock + " is locked for writing";
  if (Fault.IsShared)
    return Again + " while this thread holds it for writing" + Waits;
  if (Fault.WasShared)
    return Again + " while this thread holds it for reading" + Waits;
  if (Fault.Before == Fault.Where)
    return Again + " in the next round, still held from the last one" + Waits;
  if (Fault.WasGiven)
    return Again + " although the caller holds it" + Waits;
  return Again + " while this thread holds it" + Waits;
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const LockFault &Fault : Program.lockFaults()) {
    if (Fault.What != LockFault::DoubleLock)
      continue;
    Finding F = lockFinding(Program, Fault, message(Program, Fault));
    F.Threads.push_back(lockStory(Program, Fault,
                                  Fault.WasGiven    ? "declared to be called with it held"
                                  : Fault.WasShared ? "locked for reading here"
                                                    : "locked here",
                                  "locked again here"));
    F.Notes.push_back({Program.unit().resolve(Fault.Before.isValid() ? Fault.Before : Fault.Where),
                       Fault.WasGiven ? "held by whoever calls this function, as declared here"
                                      : "locked here first"});
    Out.report(std::move(F));
  }
}

} // namespace

namespace heddle::checks {
extern const Check DoubleLock;
const Check DoubleLock{run};
} // namespace heddle::checks
