// A store and a read that hand data from thread to thread, one of them relaxed: the flag or pointer
// arrives, what was written before it need not.
#include "checks/Check.h"
#include "checks/RaceGroups.h"
#include "checks/StoryTeller.h"
#include "checks/UnpairedOrders.h"

#include "llvm/ADT/StringRef.h"

#include <algorithm>
#include <map>
#include <set>

using namespace heddle;

namespace {

/// Writes the order that is missing into a relaxed operation. False if its text cannot be changed.
bool strengthen(const UnitFacts &Unit, FunctionId In, SourceRange Where, Fix &Out) {
  const AtomicOperation *Op = atomicOperationAt(Unit, In, Where);
  if (!Op || Op->Order.Order != MemoryOrder::Relaxed)
    return Op;
  llvm::StringRef Text = Op->Order.Text;
  bool IsUpper = Text.ends_with("RELAXED");
  if (!Op->Order.Written.isValid() || !(IsUpper || Text.ends_with("relaxed")))
    return false;
  std::string New = Op->What == AtomicOperation::Load    ? "acquire"
                    : Op->What == AtomicOperation::Store ? "release"
                                                         : "acq_rel";
  if (IsUpper)
    New = llvm::StringRef(New).upper();
  Edit Change{Unit.resolve(Op->Order.Written), Text.drop_back(7).str() + New};
  for (const Edit &Known : Out.Edits)
    if (Known.Where == Change.Where)
      return true;
  Out.Edits.push_back(std::move(Change));
  return true;
}

struct Place {
  FunctionId In = InvalidId;
  SourceRange Where;
};

void addFix(const UnitFacts &Unit, const std::vector<Place> &Places, Finding &F) {
  Fix Order;
  Order.Title = "store with release, read with acquire";
  Order.Safety = FixSafety::Safe;
  for (const Place &P : Places)
    if (!strengthen(Unit, P.In, P.Where, Order))
      return;
  if (!Order.Edits.empty())
    F.Fixes.push_back(std::move(Order));
}

std::string quote(const ProgramModel &Program, const AccessPath &Path) {
  EntityId Id = Path.subject();
  return Id == InvalidId ? "the flag" : "'" + Program.unit().Entities[Id].Name + "'";
}

void reportFlag(const ProgramModel &Program, const std::vector<const ConcurrentPair *> &Races,
                Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  const ConcurrentPair &Pair = *Races.front();
  StoryTeller Teller(Program);
  // Who stores the flag stands first in the story, whichever of the two writes the data.
  bool FirstStores =
      std::any_of(Pair.First.Published.begin(), Pair.First.Published.end(),
                  [&](const Handover &Store) { return Store.Where == Pair.Published.Where; });
  const Operation &Giver = FirstStores ? Pair.First : Pair.Second;
  const Operation &Taker = FirstStores ? Pair.Second : Pair.First;
  std::string Flag = quote(Program, Pair.Published.Path);
  std::string Data = subjectName(Program, Giver);
  bool StoreIsRelaxed = Pair.Published.has(Relaxed);

  Finding F;
  F.Message = StoreIsRelaxed ? Flag + " is stored with relaxed order: who sees it need not see " +
                                   Data + " as it was left before"
                             : Flag + " is read with relaxed order: who sees it need not see " +
                                   Data + " as it was left before the store";
  F.Primary = Unit.resolve(StoreIsRelaxed ? Pair.Published.Where : Pair.Passed.Where);
  F.Identity = Pair.Published.Path.subject() == InvalidId
                   ? Unit.Functions[Pair.Published.In].Usr
                   : Unit.Entities[Pair.Published.Path.subject()].Usr;
  ThreadStory Gives = Teller.tell(Giver, Pair.Frame, verb(Giver) + " " + nameOf(Program, Giver));
  Gives.Steps.push_back({Unit.resolve(Pair.Published.Where),
                         std::string("then stores ") + Flag + (StoreIsRelaxed ? ", relaxed" : "")});
  ThreadStory Takes = Teller.tell(Taker, Pair.Frame, verb(Taker) + " " + nameOf(Program, Taker));
  Takes.Steps.insert(std::prev(Takes.Steps.end()),
                     {Unit.resolve(Pair.Passed.Where),
                      "reads " + Flag + (Pair.Passed.has(Relaxed) ? ", relaxed" : "")});
  F.Threads = {std::move(Gives), std::move(Takes)};
  std::set<SourceRange> Told{Giver.Where, Taker.Where};
  std::vector<Place> Places;
  for (const ConcurrentPair *Race : Races) {
    Places.push_back({Race->Published.In, Race->Published.Where});
    Places.push_back({Race->Passed.In, Race->Passed.Where});
    for (const Operation *Op : {&Race->First, &Race->Second})
      if (Told.insert(Op->Where).second)
        F.Notes.push_back({Unit.resolve(Op->Where), subjectName(Program, *Op) + " is " +
                                                        (Op->isWrite() ? "written" : "read") +
                                                        " here, in " +
                                                        Teller.nameThread(*Op, Race->Frame)});
  }
  addFix(Unit, Places, F);
  Out.report(std::move(F));
}

void reportPointer(const ProgramModel &Program, const ConcurrentPair &Pair, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  const Operation &Store = Pair.First, &Load = Pair.Second;
  std::string Name = subjectName(Program, Store);
  bool StoreIsRelaxed = Store.Flags & Relaxed;
  Finding F;
  F.Message =
      Name + (StoreIsRelaxed ? " is stored with relaxed order: who follows the pointer need "
                               "not see the object initialised"
                             : " is read with relaxed order and then followed: the object "
                               "need not look initialised");
  F.Primary = Unit.resolve(StoreIsRelaxed ? Store.Where : Load.Where);
  EntityId Id = Store.Path.subject();
  F.Identity = Id == InvalidId ? Unit.Functions[Store.In].Usr : Unit.Entities[Id].Usr;
  F.Threads.push_back(Teller.tell(Store, Pair.Frame, "makes an object and stores it in " + Name));
  F.Threads.push_back(Teller.tell(Load, Pair.Frame, "reads " + Name + " and uses the object"));
  addFix(Unit, {{Store.In, Store.Where}, {Load.In, Load.Where}}, F);
  Out.report(std::move(F));
}

/// Without a thread in sight: the order that is written on one side says that there are some.
void reportUnpaired(const ProgramModel &Program, const UnpairedOrder &Each, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  if (Each.What == UnpairedOrder::Pointer)
    return reportPointer(Program, {Each.Store.In, *Each.Store.Op, *Each.Read.Op}, Out);
  StoryTeller Teller(Program);
  std::string Flag = "'" + Unit.Entities[Each.Subject].Name + "'";
  Finding F;
  F.Primary = Unit.resolve(Each.StoreIsRelaxed ? Each.Store.Where : Each.Read.Where);
  F.Identity = Unit.Entities[Each.Subject].Usr;
  if (Each.What == UnpairedOrder::Lock) {
    F.Message = Flag + " is given back with relaxed order: who takes it next need not see what was "
                       "done while it was held";
    F.Notes.push_back({Unit.resolve(Each.Read.Where),
                       "taken here with acquire, which needs a release to go with it"});
  } else {
    std::string Data = subjectName(Program, *Each.Given);
    F.Message = Flag + (Each.StoreIsRelaxed ? " is stored" : " is read") +
                " with relaxed order: who sees it need not see " + Data + " as it was left before" +
                (Each.StoreIsRelaxed ? "" : " the store");
    ThreadStory Gives = Teller.tell(*Each.Given, Each.Store.In,
                                    verb(*Each.Given) + " " + nameOf(Program, *Each.Given));
    Gives.Steps.push_back({Unit.resolve(Each.Store.Where),
                           "then stores " + Flag + (Each.StoreIsRelaxed ? ", relaxed" : "")});
    ThreadStory Takes = Teller.tell(*Each.Taken, Each.Read.In,
                                    verb(*Each.Taken) + " " + nameOf(Program, *Each.Taken));
    Takes.Steps.insert(std::prev(Takes.Steps.end()),
                       {Unit.resolve(Each.Read.Where),
                        "reads " + Flag + (Each.StoreIsRelaxed ? "" : ", relaxed")});
    F.Threads = {std::move(Gives), std::move(Takes)};
    tellApart(F.Threads);
  }
  addFix(Unit, {{Each.Store.In, Each.Store.Where}, {Each.Read.In, Each.Read.Where}}, F);
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::vector<std::vector<const ConcurrentPair *>> Flags;
  for (const ConcurrentPair &Race : Program.races()) {
    if (Race.Cause != RaceCause::RelaxedOrder || !Race.Published.Where.isValid())
      continue;
    auto Known = std::find_if(Flags.begin(), Flags.end(), [&](const auto &Group) {
      return Group.front()->Published.Path.subject() == Race.Published.Path.subject();
    });
    (Known != Flags.end() ? *Known : Flags.emplace_back()).push_back(&Race);
  }
  std::set<EntityId> Reported;
  for (const auto &Group : Flags) {
    reportFlag(Program, Group, Out);
    Reported.insert(Group.front()->Published.Path.subject());
  }
  std::set<SourceRange> Told;
  for (const ConcurrentPair &Pair : Program.atomicConflicts())
    if ((Pair.First.Flags & MakesPublic) && (Pair.Second.Flags & UsesPointee) &&
        ((Pair.First.Flags | Pair.Second.Flags) & Relaxed) &&
        Told.insert(Pair.First.Where).second) {
      reportPointer(Program, Pair, Out);
      Reported.insert(Pair.First.Path.subject());
    }
  for (const UnpairedOrder &Each : findUnpairedOrders(Program))
    if (!Reported.count(Each.Subject))
      reportUnpaired(Program, Each, Out);
}

} // namespace

namespace heddle::checks {
extern const Check RelaxedPublication;
const Check RelaxedPublication{run};
} // namespace heddle::checks
