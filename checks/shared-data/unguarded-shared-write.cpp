// A write that another thread can meet with no lock in common and nothing that orders the two.
#include "checks/Check.h"
#include "checks/GuardFixes.h"
#include "checks/StoryTeller.h"
#include "checks/TeamFixes.h"

#include <algorithm>
#include <set>

using namespace heddle;

namespace {

/// Races that have one cause and one cure: on the same variable, of the same object or at a place
/// that another of them shares.
struct RaceGroup {
  EntityId Subject = InvalidId;
  std::set<AccessPath> Paths;
  std::set<SourceRange> Places;
  std::vector<const ConcurrentPair *> Races;

  bool takes(const ConcurrentPair &Race) const {
    return Race.First.Path.subject() == Subject &&
           (Paths.count(Race.First.Path) || Places.count(Race.First.Where) ||
            Places.count(Race.Second.Where));
  }
  void add(const ConcurrentPair &Race) {
    Subject = Race.First.Path.subject();
    // What stands for one object in a frame may be another's elsewhere: slots are not names.
    // Which elements of an array meet is for each place to say.
    if (Race.First.Path.root() != RootKind::Parameter &&
        Race.First.Path.root() != RootKind::Capture && Race.First.Path.isPrecise())
      Paths.insert(Race.First.Path);
    Places.insert({Race.First.Where, Race.Second.Where});
    Races.push_back(&Race);
  }
};

/// The object has a name of its own and no storage that is given back.
bool isNamedObject(const Operation &Op) {
  return !Op.LocalPath.steps().empty() ? Op.LocalPath.steps().back().What == PathStep::Field
                                       : Op.LocalPath.root() != RootKind::Heap;
}

std::string verb(const Operation &Op) {
  if (Op.Flags & Ends)
    return Op.Flags & Descriptor ? "closes" : isNamedObject(Op) ? "destroys" : "frees";
  if (Op.Flags & (Usage | Descriptor))
    return "uses";
  if (Op.Flags & Container)
    return Op.isWrite() ? "changes" : "uses";
  return Op.isWrite() ? "writes" : "reads";
}

std::string participle(const Operation &Op) {
  if (Op.Flags & Ends)
    return Op.Flags & Descriptor ? "closed" : isNamedObject(Op) ? "destroyed" : "freed";
  return Op.isWrite() ? "written" : Op.Flags & (Usage | Descriptor) ? "used" : "read";
}

std::string nameOf(const ProgramModel &Program, const Operation &Op) {
  AccessPath Named = Op.LocalPath;
  // What is freed or closed goes by the name of the pointer or number that stands for it.
  while ((Op.Flags & (Ends | Descriptor)) && !Named.steps().empty() &&
         Named.steps().back().What == PathStep::Deref)
    Named = Named.prefix(Named.steps().size() - 1);
  std::string Name = Program.spell(Named, Op.In);
  if (!Name.empty())
    return "'" + Name + "'";
  EntityId Subject = Op.Path.subject();
  return Subject == InvalidId ? "an object" : "'" + Program.unit().Entities[Subject].Name + "'";
}

std::string subjectName(const ProgramModel &Program, const Operation &Op) {
  EntityId Subject = Op.Path.subject();
  return Subject == InvalidId ? nameOf(Program, Op)
                              : "'" + Program.unit().Entities[Subject].Name + "'";
}

std::string describeLocks(const ConcurrentPair &Pair) {
  if (Pair.First.Locks.empty() && Pair.Second.Locks.empty())
    return "neither holds a lock";
  if (Pair.First.Locks.empty())
    return "no lock is held here";
  if (Pair.Second.Locks.empty())
    return "the other holds no lock";
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
              describeLocks(Pair);
  F.Primary = Unit.resolve(Write.Where);
  F.Sureness = sureness(Pair);
  F.Threads.push_back(Teller.tell(Write, Pair.Frame, verb(Write) + " " + Name));
  F.Threads.push_back(Teller.tell(Other, Pair.Frame, verb(Other) + " " + OtherName));
  EntityId Subject = Write.Path.subject();
  F.Identity = Subject != InvalidId ? Unit.Entities[Subject].Usr : Unit.Functions[Write.In].Usr;
  if (Subject != InvalidId && Unit.Entities[Subject].Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Unit.Entities[Subject].Declaration),
                       subjectName(Program, Write) + " is declared here"});

  std::set<SourceRange> Told{Write.Where, Other.Where};
  for (const ConcurrentPair *Each : Races)
    for (const Operation *Op : {&Each->First, &Each->Second})
      if (Told.insert(Op->Where).second)
        F.Notes.push_back(
            {Unit.resolve(Op->Where), "also " + participle(*Op) + " in " +
                                          Teller.nameThread(*Op, Each->Frame) +
                                          (Op->Locks.empty() ? ", without a lock" : "")});
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
  std::vector<RaceGroup> Groups;
  for (const ConcurrentPair &Race : Program.races()) {
    auto Known = std::find_if(Groups.begin(), Groups.end(),
                              [&](const RaceGroup &Group) { return Group.takes(Race); });
    (Known != Groups.end() ? *Known : Groups.emplace_back()).add(Race);
  }
  for (const RaceGroup &Group : Groups)
    reportVariable(Program, Group.Races, Out);
}

} // namespace

namespace heddle::checks {
extern const Check UnguardedSharedWrite;
const Check UnguardedSharedWrite{run};
} // namespace heddle::checks
