// A volatile variable by which one thread tells another that something is ready or over.
#include "checks/AtomicFixes.h"
#include "checks/Check.h"
#include "checks/RaceGroups.h"
#include "checks/StoryTeller.h"

#include <map>
#include <set>

using namespace heddle;

namespace {

/// Everything that races because of one flag: accesses to it, and to what it hands over.
struct FlagRaces {
  std::vector<const ConcurrentPair *> OnFlag, OnData;
};

/// The pair that shows the flag at work: one thread waits for what the other writes.
const ConcurrentPair &clearest(const std::vector<const ConcurrentPair *> &Races) {
  for (const ConcurrentPair *Race : Races)
    if ((Race->First.Flags | Race->Second.Flags) & Polled)
      return *Race;
  return *Races.front();
}

void report(const ProgramModel &Program, EntityId Flag, const FlagRaces &Races, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  std::string Name = "'" + Unit.Entities[Flag].Name + "'";
  Finding F;
  F.Identity = Unit.Entities[Flag].Usr;
  std::set<std::string> Data;
  for (const ConcurrentPair *Race : Races.OnData)
    Data.insert(subjectName(Program, Race->First));
  if (!Races.OnFlag.empty()) {
    const ConcurrentPair &Pair = clearest(Races.OnFlag);
    F.Message = Name + " is written here while a loop in another thread waits for it; 'volatile' "
                       "makes it neither atomic nor ordered";
    F.Primary = Unit.resolve(Pair.First.Where);
    for (const Operation *Op : {&Pair.First, &Pair.Second})
      F.Threads.push_back(Teller.tell(*Op, Pair.Frame,
                                      (Op->Flags & Polled ? "waits for " : verb(*Op) + " ") +
                                          nameOf(Program, *Op)));
  } else {
    const ConcurrentPair &Pair = *Races.OnData.front();
    F.Message = Name + " is to tell another thread that " + *Data.begin() +
                " is ready; 'volatile' makes it neither atomic nor ordered";
    F.Primary = Unit.resolve(Pair.Published.Where);
    for (const Operation *Op : {&Pair.First, &Pair.Second})
      F.Threads.push_back(Teller.tell(*Op, Pair.Frame, verb(*Op) + " " + nameOf(Program, *Op)));
  }
  F.Notes.push_back({Unit.resolve(Unit.Entities[Flag].Declaration), Name + " is declared here"});
  std::set<SourceRange> Told;
  for (const ConcurrentPair *Race : Races.OnData)
    for (const Operation *Op : {&Race->First, &Race->Second})
      if (Told.insert(Op->Where).second)
        F.Notes.push_back({Unit.resolve(Op->Where), subjectName(Program, *Op) + " is " +
                                                        (Op->isWrite() ? "written" : "read") +
                                                        " here, and " + Name +
                                                        " does not order it"});
  if (!Races.OnFlag.empty())
    if (std::optional<Fix> Atomic = makeAtomic(Program, Races.OnFlag)) {
      Atomic->Title += " instead of volatile";
      F.Fixes.push_back(std::move(*Atomic));
    }
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::map<EntityId, FlagRaces> ByFlag;
  for (const ConcurrentPair &Race : Program.races()) {
    if (Race.Cause != RaceCause::VolatileFlag)
      continue;
    if (EntityId Flag = Race.Published.Path.subject(); Flag != InvalidId)
      ByFlag[Flag].OnData.push_back(&Race);
    else if (EntityId Own = Race.First.Path.subject();
             Own != InvalidId && Program.unit().Entities[Own].IsVolatile)
      ByFlag[Own].OnFlag.push_back(&Race);
  }
  for (const auto &[Flag, Races] : ByFlag)
    report(Program, Flag, Races, Out);
}

} // namespace

namespace heddle::checks {
extern const Check VolatileAsSynchronization;
const Check VolatileAsSynchronization{run};
} // namespace heddle::checks
