// A3: an object that was handed to a task and changed there while somebody else uses it.
#include "checks/Check.h"
#include "checks/CopyFixes.h"
#include "checks/RepeatedNotes.h"
#include "checks/StoryTeller.h"
#include "checks/TaskCaptures.h"

#include <map>

using namespace heddle;

namespace {

std::string nameOf(const ProgramModel &Program, const Operation &Op) {
  std::string Name = Program.spell(Op.LocalPath, Op.In);
  EntityId Subject = Op.Path.subject();
  if (Name.empty() && Subject != InvalidId)
    Name = Program.unit().Entities[Subject].Name;
  return Name.empty() ? "an object" : "'" + Name + "'";
}

void report(const ProgramModel &Program, const std::vector<const ConcurrentPair *> &Races,
            Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const ConcurrentPair &Pair = *Races.front();
  const Operation &Change = Pair.First, &Other = Pair.Second;
  StoryTeller Teller(Program);
  std::string Name = nameOf(Program, Change);
  Finding F;
  F.Message = Name + " is changed here by a task that was handed the object, while " +
              Teller.nameOther(Pair) + " still uses it";
  F.Primary = Unit.resolve(Change.Where);
  F.Sureness =
      Change.Waited.empty() && Other.Waited.empty() ? Confidence::Certain : Confidence::Likely;
  F.Threads.push_back(Teller.tell(Change, Pair.Frame, "changes " + Name));
  F.Threads.push_back(Teller.tell(
      Other, Pair.Frame, (Other.isWrite() ? "changes " : "reads ") + nameOf(Program, Other)));
  if (SourceRange Handed = placeGiven(Unit, Pair.Frame, Change); Handed.isValid())
    F.Notes.push_back({Unit.resolve(Handed), "the task is handed the object here, not a copy"});
  RepeatedNotes Places(F);
  std::set<SourceRange> Told{Change.Where, Other.Where};
  for (const ConcurrentPair *Each : Races)
    for (const Operation *Op : {&Each->First, &Each->Second})
      if (std::string Done = Op->isWrite() ? "changed" : "read"; Told.insert(Op->Where).second)
        Places.add(Done, {Unit.resolve(Op->Where),
                          "also " + Done + " in " + Teller.nameThread(*Op, Each->Frame)});
  Places.finish();
  EntityId Subject = Change.Path.subject();
  F.Identity = Subject != InvalidId ? Unit.Entities[Subject].Usr : Unit.Functions[Change.In].Usr;
  if (std::optional<Fix> Copies = handCopies(Program, Races, Name))
    F.Fixes.push_back(std::move(*Copies));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  HandedObjects Handed = racingHandedObjects(Program);
  // By object: one copy cures all the races on its parts.
  std::map<std::pair<FunctionId, AccessPath>, std::vector<const ConcurrentPair *>> Found;
  for (const ConcurrentPair &Race : Program.races())
    if (Handed.count({Race.Frame, Race.First.Path}))
      Found[{Race.Frame, Race.First.Path.prefix(0)}].push_back(&Race);
  std::set<SourceRange> Told; // the same code may be seen in the frames of several callers
  for (const auto &[Object, Races] : Found)
    if (Told.insert(Races.front()->First.Where).second)
      report(Program, Races, Out);
}

} // namespace

namespace heddle::checks {
extern const Check SharedObjectMutation;
const Check SharedObjectMutation{run};
} // namespace heddle::checks
