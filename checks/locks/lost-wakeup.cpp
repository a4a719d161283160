// B9: what a waiter looks at is changed without its lock, so that the notification can come between
// its look and its sleep.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <set>

using namespace heddle;

namespace {

std::string quoted(const std::string &Name, const char *Otherwise) {
  return Name.empty() ? Otherwise : "'" + Name + "'";
}

std::string identity(const UnitFacts &Unit, const Operation &Change, const char *Kind) {
  EntityId Subject = Change.Path.subject();
  return Unit.Functions[Change.In].Usr + Kind +
         (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
}

void report(const ProgramModel &Program, const WaitConflict &Conflict, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  const Operation &Wait = Conflict.First, &Change = Conflict.Second;
  std::string State = quoted(Program.spell(Change.Path, Conflict.Frame), "the state");
  std::string Condition = quoted(Program.spell(Wait.Path, Conflict.Frame), "the condition");
  std::string Lock = quoted(Program.spell(Wait.WaitLock, Conflict.Frame), "the waiter's lock");
  Finding F;
  F.Message = State + " is changed here without " + Lock +
              ": a thread that has just looked at it and is about to "
              "wait on " +
              Condition + " misses the notification, and sleeps on";
  F.Primary = Unit.resolve(Change.Where);
  F.Notes.push_back({Unit.resolve(Wait.Where),
                     "waited for here: " + State + " is looked at under " + Lock +
                         ", and nothing keeps it from changing before the wait begins"});
  F.Threads.push_back(Teller.tell(Wait, Conflict.Frame,
                                  "has found " + State + " unchanged, and goes to sleep now"));
  F.Threads.push_back(
      Teller.tell(Change, Conflict.Frame,
                  "changes " + State + " and notifies " + Condition + " before the other sleeps"));
  F.Identity = identity(Unit, Change, "");
  Out.report(std::move(F));
}

void reportEarly(const ProgramModel &Program, const WaitConflict &Conflict, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  const Operation &Wait = Conflict.First, &Change = Conflict.Second;
  std::string State = quoted(Program.spell(Change.Path, Conflict.Frame), "the state");
  std::string Condition = quoted(Program.spell(Wait.Path, Conflict.Frame), "the condition");
  Finding F;
  F.Message = Condition + " is notified here before " + State +
              " is changed: whoever waits for that finds it as it was, and sleeps on";
  F.Primary = Unit.resolve(Conflict.Notified);
  F.Notes.push_back({Unit.resolve(Change.Where), State + " is changed here, and nobody is told"});
  F.Notes.push_back({Unit.resolve(Wait.Where), "waited for here"});
  F.Threads.push_back(
      Teller.tell(Wait, Conflict.Frame,
                  "is woken too early, finds " + State + " unchanged, and goes back to sleep"));
  F.Threads.push_back(Teller.tell(
      Change, Conflict.Frame, "changes " + State + " when " + Condition + " has been notified"));
  F.Identity = identity(Unit, Change, " early");
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const WaitConflict &Conflict : Program.waitConflicts())
    if (Conflict.What == WaitConflict::EarlyNotify && Told.insert(Conflict.Notified).second)
      reportEarly(Program, Conflict, Out);
  for (const WaitConflict &Conflict : Program.waitConflicts())
    if (Conflict.What == WaitConflict::LostWakeup && Told.insert(Conflict.Second.Where).second)
      report(Program, Conflict, Out);
}

} // namespace

namespace heddle::checks {
extern const Check LostWakeup;
const Check LostWakeup{run};
} // namespace heddle::checks
