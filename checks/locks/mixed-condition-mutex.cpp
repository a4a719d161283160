// B9: a condition that is waited on with two locks, or with a lock that the thread does not hold.
#include "checks/Check.h"
#include "checks/StoryTeller.h"

#include <set>

using namespace heddle;

namespace {

std::string quoted(const std::string &Name, const char *Otherwise) {
  return Name.empty() ? Otherwise : "'" + Name + "'";
}

void reportTwo(const ProgramModel &Program, const WaitConflict &Conflict, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  const Operation &A = Conflict.First, &B = Conflict.Second;
  std::string Condition = quoted(Program.spell(A.Path, Conflict.Frame), "the condition");
  std::string LockA = quoted(Program.spell(A.WaitLock, Conflict.Frame), "one lock"),
              LockB = quoted(Program.spell(B.WaitLock, Conflict.Frame), "another lock");
  Finding F;
  F.Message = Condition + " is waited on here with " + LockA + ", and elsewhere with " + LockB +
              ": no lock keeps a notification from falling between a waiter's look at the state "
              "and its wait";
  F.Primary = Unit.resolve(A.Where);
  if (!(A.Where == B.Where))
    F.Notes.push_back({Unit.resolve(B.Where), "waited on here with " + LockB});
  F.Threads.push_back(Teller.tell(A, Conflict.Frame, "waits on " + Condition + " with " + LockA));
  F.Threads.push_back(Teller.tell(B, Conflict.Frame, "waits on " + Condition + " with " + LockB));
  EntityId Subject = A.Path.subject();
  F.Identity = Subject == InvalidId ? Unit.Functions[A.In].Usr : Unit.Entities[Subject].Usr;
  Out.report(std::move(F));
}

void reportFree(const ProgramModel &Program, const WaitConflict &Conflict, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Wait = Conflict.First;
  std::string Condition = quoted(Program.spell(Wait.Path, Conflict.Frame), "the condition");
  std::string Lock = quoted(Program.spell(Wait.WaitLock, Conflict.Frame), "its lock");
  Finding F;
  F.Message = "this wait on " + Condition + " gives back " + Lock +
              ", which the thread does not hold: the state can change, and the notification pass, "
              "before the wait begins";
  F.Primary = Unit.resolve(Wait.Where);
  F.Threads.push_back(StoryTeller(Program).tell(Wait, Conflict.Frame,
                                                "waits on " + Condition + " without " + Lock));
  EntityId Subject = Wait.Path.subject();
  F.Identity =
      Unit.Functions[Wait.In].Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<EntityId> ToldOf;
  std::set<SourceRange> Told;
  for (const WaitConflict &Conflict : Program.waitConflicts()) {
    if (Conflict.What == WaitConflict::NotHeld) {
      if (Told.insert(Conflict.First.Where).second)
        reportFree(Program, Conflict, Out);
    } else if (Conflict.What == WaitConflict::TwoLocks &&
               ToldOf.insert(Conflict.First.Path.subject()).second) {
      reportTwo(Program, Conflict, Out);
    }
  }
}

} // namespace

namespace heddle::checks {
extern const Check MixedConditionMutex;
const Check MixedConditionMutex{run};
} // namespace heddle::checks
