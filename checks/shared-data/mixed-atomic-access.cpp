// One object that is accessed atomically here and plainly there, by threads that run at the same
// time.
#include "checks/AtomicFixes.h"
#include "checks/Check.h"
#include "checks/RaceGroups.h"
#include "checks/RepeatedNotes.h"
#include "checks/StoryTeller.h"

#include <map>
#include <set>

using namespace heddle;

namespace {

void reportVariable(const ProgramModel &Program, const RaceGroup &Group, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  // Told by a pair of an atomic access and a plain one; a plain write says more than a read.
  const ConcurrentPair *Told = nullptr;
  auto PlainOf = [](const ConcurrentPair &Pair) -> const Operation & {
    return Pair.First.Flags & Atomic ? Pair.Second : Pair.First;
  };
  for (const ConcurrentPair *Race : Group.Races)
    if (((Race->First.Flags ^ Race->Second.Flags) & Atomic) &&
        (!Told || (PlainOf(*Race).isWrite() && !PlainOf(*Told).isWrite())))
      Told = Race;
  if (!Told)
    return;
  const Operation &Plain = PlainOf(*Told);
  const Operation &Atomically = &Plain == &Told->First ? Told->Second : Told->First;
  StoryTeller Teller(Program);
  std::string Name = nameOf(Program, Plain), Subject = subjectName(Program, Plain);

  Finding F;
  F.Message = Subject + " is " + (Plain.isWrite() ? "written" : "read") +
              " here without an atomic operation while another thread " + verb(Atomically) +
              " it with one; that does not keep the two apart";
  F.Primary = Unit.resolve(Plain.Where);
  F.Threads.push_back(Teller.tell(Plain, Told->Frame, verb(Plain) + " " + Name + " plainly"));
  F.Threads.push_back(
      Teller.tell(Atomically, Told->Frame,
                  verb(Atomically) + " " + nameOf(Program, Atomically) + " atomically"));
  EntityId Id = Plain.Path.subject();
  F.Identity = Id != InvalidId ? Unit.Entities[Id].Usr : Unit.Functions[Plain.In].Usr;
  if (Id != InvalidId && Unit.Entities[Id].Declaration.isValid())
    F.Notes.push_back({Unit.resolve(Unit.Entities[Id].Declaration), Subject + " is declared here"});
  RepeatedNotes Places(F);
  std::set<SourceRange> Seen{Plain.Where, Atomically.Where};
  for (const ConcurrentPair *Race : Group.Races)
    for (const Operation *Op : {&Race->First, &Race->Second})
      if (!(Op->Flags & Atomic) && Seen.insert(Op->Where).second)
        Places.add(participle(*Op),
                   {Unit.resolve(Op->Where), "also " + participle(*Op) + " plainly, in " +
                                                 Teller.nameThread(*Op, Race->Frame)});
  Places.finish();
  if (std::optional<Fix> Mended = makeAccessesAtomic(Program, Group.Races, Atomically))
    F.Fixes.push_back(std::move(*Mended));
  Out.report(std::move(F));
}

/// Without a thread in sight: changed in one atomic step by one function, and by another one, which
/// holds no lock, in a plain read and write.
void reportOddOnesOut(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::map<EntityId, std::pair<const Operation *, FunctionId>> Atomically;
  std::set<EntityId> InThreads = subjectsInThreads(Program);
  auto ForEachUpdate = [&](auto Do) {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      for (const Operation &Op : Program.summary(Id).Operations)
        if (Op.In == Id && !Op.Origin && Op.Kind == EventKind::Update && Op.Path.isPrecise() &&
            Op.Path.subject() != InvalidId && !InThreads.count(Op.Path.subject()))
          Do(Id, Op);
  };
  ForEachUpdate([&](FunctionId Id, const Operation &Op) {
    if (Op.Flags & Atomic)
      Atomically.insert({Op.Path.subject(), {&Op, Id}});
  });
  std::set<EntityId> Told;
  ForEachUpdate([&](FunctionId Id, const Operation &Op) {
    const FunctionFacts &Function = Unit.Functions[Id];
    auto Found = Atomically.find(Op.Path.subject());
    if ((Op.Flags & Atomic) || !(Op.Flags & Scalar) || Found == Atomically.end() ||
        Found->second.second == Id || !Op.Locks.empty() || Function.IsConstructor ||
        Function.IsDestructor || Function.IsMain || Program.isEnteredWithLock(Id) ||
        !Told.insert(Op.Path.subject()).second)
      return;
    const Entity &Variable = Unit.Entities[Op.Path.subject()];
    Finding F;
    F.Message =
        "'" + Variable.Name +
        "' is changed here without an atomic operation; that does not keep the change apart "
        "from the atomic one in " +
        quoteFunction(Unit, Found->second.second);
    F.Primary = Unit.resolve(Op.Where);
    F.Identity = Variable.Usr;
    F.Notes.push_back({Unit.resolve(Found->second.first->Where), "changed atomically here"});
    if (Variable.Declaration.isValid())
      F.Notes.push_back(
          {Unit.resolve(Variable.Declaration), "'" + Variable.Name + "' is declared here"});
    Out.report(std::move(F));
  });
}

void run(const ProgramModel &Program, Reporter &Out) {
  reportOddOnesOut(Program, Out);
  for (const RaceGroup &Group : groupRaces(Program, RaceCause::MixedAccess))
    reportVariable(Program, Group, Out);
}

} // namespace

namespace heddle::checks {
extern const Check MixedAtomicAccess;
const Check MixedAtomicAccess{run};
} // namespace heddle::checks
