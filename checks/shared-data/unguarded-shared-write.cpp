// A write that another thread can meet with no lock in common and nothing that orders the two.
#include "checks/AtomicFixes.h"
#include "checks/Check.h"
#include "checks/GuardFixes.h"
#include "checks/RaceGroups.h"
#include "checks/RepeatedNotes.h"
#include "checks/StoryTeller.h"
#include "checks/TaskCaptures.h"
#include "checks/TeamFixes.h"

#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace heddle;

namespace {

std::string describeLocks(const ProgramModel &Program, const ConcurrentPair &Pair) {
  auto Held = [&](const Operation &Op) {
    std::vector<std::string> Names = StoryTeller(Program).locks(Op, Pair.Frame);
    return Names.empty() ? "the lock" : "'" + llvm::join(Names, "', '") + "'";
  };
  if (Pair.First.Locks.empty() && Pair.Second.Locks.empty())
    return Pair.First.Where == Pair.Second.Where ? "none of them holds a lock"
                                                 : "neither holds a lock";
  if (Pair.First.Locks.empty())
    return "the other holds " + Held(Pair.Second) + ", and no lock is held here";
  if (Pair.Second.Locks.empty())
    return Held(Pair.First) + " is held here, and the other holds no lock";
  return "they hold no lock in common";
}

Confidence sureness(const ConcurrentPair &Pair) {
  auto IsNamed = [](const Operation &Op) {
    return Op.Path.derefs() == 0 && !(Op.Flags & Container) && Op.Waited.empty();
  };
  return IsNamed(Pair.First) && IsNamed(Pair.Second) ? Confidence::Certain : Confidence::Likely;
}

void reportVariable(const ProgramModel &Program, const std::vector<const ConcurrentPair *> &Races,
                    Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const ConcurrentPair &Pair = *Races.front();
  const Operation &Write = Pair.First, &Other = Pair.Second;
  StoryTeller Teller(Program);
  std::string Name = nameOf(Program, Write), OtherName = nameOf(Program, Other);

  Finding F;
  bool SameThread = Write.Where == Other.Where;
  F.Message = subjectName(Program, Write) + " is " + participle(Write) +
              (SameThread ? " here by several threads at the same time; "
                          : " here while another thread " + verb(Other) + " it; ") +
              describeLocks(Program, Pair);
  F.Primary = Unit.resolve(Write.Where);
  F.Sureness = sureness(Pair);
  F.Threads.push_back(Teller.tell(Write, Pair.Frame, verb(Write) + " " + Name));
  F.Threads.push_back(Teller.tell(Other, Pair.Frame, verb(Other) + " " + OtherName));
  EntityId Subject = Write.Path.subject();
  F.Identity = Subject != InvalidId ? Unit.Entities[Subject].Usr : Unit.Functions[Write.In].Usr;
  if (Subject != InvalidId && Unit.Entities[Subject].Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Unit.Entities[Subject].Declaration),
                       subjectName(Program, Write) + " is declared here"});

  RepeatedNotes Places(F);
  std::set<SourceRange> Told{Write.Where, Other.Where};
  for (const ConcurrentPair *Each : Races)
    for (const Operation *Op : {&Each->First, &Each->Second})
      if (Told.insert(Op->Where).second)
        Places.add(participle(*Op),
                   {Unit.resolve(Op->Where), "also " + participle(*Op) + " in " +
                                                 Teller.nameThread(*Op, Each->Frame) +
                                                 (Op->Locks.empty() ? ", without a lock" : "")});
  Places.finish();
  bool IsInRegion = Write.Origin && Write.Origin->Entry != InvalidId &&
                    Unit.Functions[Write.Origin->Entry].Region != RegionKind::None;
  if (std::optional<Fix> Atomic = makeAtomic(Program, Races); Atomic && !IsInRegion)
    F.Fixes.push_back(std::move(*Atomic));
  if (std::optional<Fix> Updates = makeUpdatesAtomic(Program, Races))
    F.Fixes.push_back(std::move(*Updates));
  if (std::optional<Fix> Guarded = takeGuardingLock(Program, Races))
    F.Fixes.push_back(std::move(*Guarded));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  LoopVariables Looping = racingLoopVariables(Program);
  HandedObjects Handed = racingHandedObjects(Program);
  // As a loop variable that is captured, or as an object that was handed to a task.
  auto IsToldElsewhere = [&](const ConcurrentPair &Race) {
    return (Race.First.Path.root() == RootKind::Local &&
            Looping.count({Race.Frame, Race.First.Path.rootId()})) ||
           Handed.count({Race.Frame, Race.First.Path});
  };
  for (const RaceGroup &Group : groupRaces(Program, RaceCause::NoProtection, IsToldElsewhere))
    reportVariable(Program, Group.Races, Out);
}

} // namespace

namespace heddle::checks {
extern const Check UnguardedSharedWrite;
const Check UnguardedSharedWrite{run};
} // namespace heddle::checks
