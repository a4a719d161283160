// Calls that may not return for long, made while a lock is held that others want.
#include "checks/Check.h"
#include "checks/LockStories.h"

using namespace heddle;

namespace {

/// "this sleeps"; "this call of 'load' waits for input", where a callee does it.
std::string subject(const ProgramModel &Program, const BlockedHolder &Blocked) {
  const Operation &Call = Blocked.Call;
  if (Blocked.Place == Call.Where)
    return "this";
  for (const CallStep &Step : Call.Calls)
    if (Step.Where == Blocked.Place)
      return "this call of " + quoteFunction(Program.unit(), Step.Callee);
  return "this call";
}

std::string message(const ProgramModel &Program, const BlockedHolder &Blocked) {
  const UnitFacts &Unit = Program.unit();
  std::string Lock = quoteLock(Program, Blocked.Held.Path, Blocked.Frame, Blocked.Held.Where);
  std::string Text = subject(Program, Blocked) + " " + Unit.Entities[Blocked.Call.Does].Name +
                     " while " + Lock + " is held";
  if (!Blocked.Needed)
    return Text + "; whoever wants the lock waits as long";
  return Text + ", and " + quoteFunction(Unit, Blocked.Needed->In) +
         " needs that lock before it gets there: neither goes on";
}

void report(const ProgramModel &Program, const BlockedHolder &Blocked, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Call = Blocked.Call;
  Finding F;
  F.Message = message(Program, Blocked);
  F.Primary = Unit.resolve(Blocked.Place);
  F.Sureness = Blocked.Needed         ? Confidence::Certain
               : Call.Flags & Bounded ? Confidence::Possible
                                      : Confidence::Likely;
  const std::string &Does = Unit.Entities[Call.Does].Name;
  F.Threads.push_back(tellHolding(Program, Call, Blocked.Frame, Blocked.Held, Does));
  if (Blocked.Needed) {
    const Operation &Needed = *Blocked.Needed;
    F.Threads.push_back(StoryTeller(Program).tell(
        Needed, Blocked.Frame,
        "waits for " + quoteLock(Program, Needed.Path, Blocked.Frame, Needed.Where)));
    F.Notes.push_back({Unit.resolve(Needed.Where), "the lock is needed here"});
  }
  F.Notes.push_back({Unit.resolve(Blocked.Held.Where),
                     quoteLock(Program, Blocked.Held.Path, Blocked.Frame, Blocked.Held.Where) +
                         " is locked here"});
  if (!(Blocked.Place == Call.Where))
    F.Notes.push_back({Unit.resolve(Call.Where), quoteFunction(Unit, Call.In) + " " + Does});
  EntityId Lock = Blocked.Held.Path.subject();
  F.Identity = Unit.Functions[Call.In].Usr + " " + Does +
               (Lock == InvalidId ? "" : " " + Unit.Entities[Lock].Usr);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  for (const BlockedHolder &Blocked : Program.blockedHolders())
    report(Program, Blocked, Out);
}

} // namespace

namespace heddle::checks {
extern const Check BlockingWhileLocked;
const Check BlockingWhileLocked{run};
} // namespace heddle::checks
