// Code that is not known here, called while a lock is held.
#include "checks/Check.h"
#include "checks/LockStories.h"

using namespace heddle;

namespace {

void report(const ProgramModel &Program, FunctionId Frame, const Operation &Call, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const HeldLock &Held = Call.Locks.front();
  EntityId Subject = Call.Path.subject();
  std::string Name = "'" + Unit.Entities[Subject].Name + "'";
  Finding F;
  F.Message = (Call.Flags & Dispatch ? "the virtual function " + Name : "the callback " + Name) +
              " is called while " + quoteLock(Program, Held.Path, Frame) +
              " is held; nobody here knows what it locks or how long it takes";
  F.Primary = Unit.resolve(Call.Where);
  F.Sureness = Confidence::Possible;
  F.Threads.push_back(tellHolding(Program, Call, Frame, Held, "calls " + Name));
  F.Notes.push_back(
      {Unit.resolve(Held.Where), quoteLock(Program, Held.Path, Frame) + " is locked here"});
  F.Identity = Unit.Entities[Subject].Usr + " " + Unit.Functions[Call.In].Usr;
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  auto Look = [&](FunctionId Frame, const std::vector<Operation> &Uses) {
    for (const Operation &Use : Uses)
      if (Use.Kind == EventKind::CallValue && !Use.Locks.empty() &&
          Use.Locks.front().Path.isKnown() && Use.Path.subject() != InvalidId &&
          Told.insert(Use.Where).second)
        report(Program, Frame, Use, Out);
  };
  for (FunctionId Id = 0; Id < Program.unit().Functions.size(); ++Id) {
    Look(Id, Program.summary(Id).LockUses);
    for (const ThreadRun &Run : Program.summary(Id).Running)
      Look(Id, Run.LockUses);
  }
}

} // namespace

namespace heddle::checks {
extern const Check CallbackWhileLocked;
const Check CallbackWhileLocked{run};
} // namespace heddle::checks
