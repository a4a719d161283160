// A write to data that a readers-writer lock guards, with the lock held for reading only.
#include "checks/Check.h"
#include "checks/ExclusiveFixes.h"
#include "checks/RaceGroups.h"
#include "checks/StoryTeller.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// A write with the lock that it holds shared, and what readers can do meanwhile.
struct SharedWrite {
  FunctionId Frame;
  Operation Write;
  HeldLock Held;
  const Operation *Other = nullptr;
};

/// The lock that is held shared, if nothing that is held keeps others out.
const HeldLock *sharedOnly(const Operation &Op, EntityId Lock) {
  const HeldLock *Result = nullptr;
  for (const HeldLock &Held : Op.Locks) {
    if (!Held.IsShared)
      return nullptr;
    if (Held.Path.isKnown() && Held.Path.subject() == Lock)
      Result = &Held;
  }
  return Result;
}

/// One element of an array or container, which may be this thread's own.
bool isElement(const Operation &Op) {
  return llvm::any_of(Op.Path.steps(), [](PathStep Step) {
    return Step.What == PathStep::Element || Step.What == PathStep::ElementAt ||
           Step.What == PathStep::Offset;
  });
}

void report(const ProgramModel &Program, const SharedWrite &Found, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const Operation &Write = Found.Write;
  StoryTeller Teller(Program);
  std::string Name = subjectName(Program, Write);
  EntityId Lock = Found.Held.Path.subject();
  std::string LockName = Lock == InvalidId ? "a lock" : "'" + Unit.Entities[Lock].Name + "'";
  Finding F;
  F.Message = Name + " is " + (Write.Flags & Container ? "changed" : "written") + " here while " +
              LockName + " is held for reading only; other readers are inside at the same time";
  F.Primary = Unit.resolve(Write.Where);
  F.Threads.push_back(Teller.tell(Write, Found.Frame, verb(Write) + " " + Name));
  const Operation &Other = Found.Other ? *Found.Other : Write;
  F.Threads.push_back(Teller.tell(Other, Found.Frame, verb(Other) + " " + Name));
  F.Notes.push_back({Unit.resolve(Found.Held.Where), LockName + " is taken for reading here"});
  EntityId Subject = Write.Path.subject();
  if (Subject != InvalidId)
    F.Identity = Unit.Entities[Subject].Usr + " " + Unit.Functions[Write.In].Usr;
  if (Subject != InvalidId && Unit.Entities[Subject].Declaration.isValid())
    F.Notes.push_back(
        {Unit.resolve(Unit.Entities[Subject].Declaration), Name + " is declared here"});
  if (std::optional<Fix> Exclusive = lockExclusively(Program, Write.In, Found.Held))
    F.Fixes.push_back(std::move(*Exclusive));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const ConcurrentPair &Race : Program.races())
    if (const HeldLock *Held = sharedGuard(Race); Held && Told.insert(Race.First.Where).second)
      report(Program, {Race.Frame, Race.First, *Held, &Race.Second}, Out);
  // Where no threads are in sight, the others that take the lock show what it is for.
  for (const GuardedVariable &Variable : Program.guardedVariables())
    for (const GuardedAccess &Access : Variable.Inside) {
      const HeldLock *Held = sharedOnly(Access.Op, Variable.Lock);
      // Who takes a lock shared does so for others like itself: those that count on what they find
      // meet there. What is only set may be the affair of one.
      bool Counts = Access.Op.Kind == EventKind::Update || (Access.Op.Flags & Container);
      bool IsAlone = !Counts && llvm::all_of(Variable.Inside, [&](const GuardedAccess &Other) {
        return Other.Op.In == Access.Op.In;
      });
      if (!Access.Op.isWrite() || !Held || isElement(Access.Op) || IsAlone ||
          !Told.insert(Access.Op.Where).second)
        continue;
      const Operation *Other = nullptr;
      for (const GuardedAccess &Reader : Variable.Inside)
        if (Reader.Op.In != Access.Op.In && sharedOnly(Reader.Op, Variable.Lock))
          Other = &Reader.Op;
      report(Program, {Access.Frame, Access.Op, *Held, Other}, Out);
    }
}

} // namespace

namespace heddle::checks {
extern const Check WriteUnderSharedLock;
const Check WriteUnderSharedLock{run};
} // namespace heddle::checks
