// An atomic object that is loaded, and stored again as if nothing could have come between.
#include "checks/Check.h"
#include "checks/RaceGroups.h"
#include "checks/StoryTeller.h"
#include "checks/TestedWrites.h"

#include <algorithm>
#include <map>
#include <set>

using namespace heddle;

namespace {

const AtomicOperation *storeAt(const UnitFacts &Unit, FunctionId In, SourceRange Where) {
  for (const AtomicOperation &Op : Unit.Functions[In].Atomics)
    if (Op.Where == Where && Op.Shape != AtomicOperation::Whole)
      return &Op;
  return nullptr;
}

Finding describe(const ProgramModel &Program, FunctionId In, const AtomicOperation &Store,
                 const std::string &Name) {
  const UnitFacts &Unit = Program.unit();
  EntityId Subject = Store.Path.subject();
  Finding F;
  F.Primary = Unit.resolve(Store.Where);
  bool Checks = Store.Shape == AtomicOperation::CheckThenSet;
  F.Message =
      Name + (Checks ? " is tested and then set in two steps: two threads can both pass the "
                       "test"
                     : " is loaded and stored in two steps: what another thread stores "
                       "between them is lost");
  F.Identity =
      Unit.Functions[In].Usr + (Subject == InvalidId ? "" : " " + Unit.Entities[Subject].Usr);
  F.Notes.push_back({Unit.resolve(Store.BasedOn), Name + " is loaded here"});
  // In one step the store would still come after a test that may no longer hold.
  if (!Store.Rewrite.empty() &&
      (Checks || !isTestedBeforeWrite(Unit, In, Store.Path, Store.Where))) {
    Fix One;
    One.Title = "do it in one step, with '" + Store.RewriteName + "'";
    One.Safety = Checks ? FixSafety::Unsafe : FixSafety::Safe;
    for (const auto &[Where, Text] : Store.Rewrite)
      One.Edits.push_back({Unit.resolve(Where), Text});
    F.Fixes.push_back(std::move(One));
  }
  return F;
}

/// Whether two stores that meet can spoil each other's work: both computed from an older value, or
/// both after the same test. A test beside somebody else's computation may be a protocol.
bool spoils(const AtomicOperation &Store, const Operation &Other, const UnitFacts &Unit) {
  if (!(Other.Flags & Split))
    return Store.Shape != AtomicOperation::CheckThenSet;
  const AtomicOperation *Second = storeAt(Unit, Other.In, Other.Where);
  return Second && (Store.Shape == AtomicOperation::CheckThenSet) ==
                       (Second->Shape == AtomicOperation::CheckThenSet);
}

void reportMeeting(const ProgramModel &Program, const ConcurrentPair &Pair,
                   const AtomicOperation &Store, Reporter &Out) {
  StoryTeller Teller(Program);
  Finding F = describe(Program, Pair.First.In, Store, subjectName(Program, Pair.First));
  F.Threads.push_back(Teller.tell(Pair.First, Pair.Frame, "stores what it made of an older value"));
  F.Threads.push_back(
      Teller.tell(Pair.Second, Pair.Frame, "changes " + nameOf(Program, Pair.Second)));
  Out.report(std::move(F));
}

/// Without a thread in sight: the variable is computed from itself here, and elsewhere somebody
/// takes the trouble to change it in one step, as several writers have to. Who writes with relaxed
/// order has thought about it: there is one writer.
void reportOddOnesOut(const ProgramModel &Program, std::set<SourceRange> &Told, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  std::set<EntityId> InThreads = subjectsInThreads(Program);
  std::map<EntityId, std::set<FunctionId>> ChangedWhole;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const AtomicOperation &Op : Unit.Functions[Id].Atomics)
      if (Op.What == AtomicOperation::Update || Op.What == AtomicOperation::CompareExchange)
        ChangedWhole[Op.Path.subject()].insert(Id);
  auto IsChangedElsewhere = [&](EntityId Subject, FunctionId Here) {
    auto Found = ChangedWhole.find(Subject);
    return Found != ChangedWhole.end() && !Found->second.count(Here);
  };
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &Function = Unit.Functions[Id];
    if (Function.IsConstructor || Function.IsDestructor || Function.IsMain ||
        Program.isEnteredWithLock(Id))
      continue;
    for (const AtomicOperation &Store : Function.Atomics) {
      EntityId Subject = Store.Path.subject();
      bool IsComputed = Store.Shape == AtomicOperation::SelfUpdate ||
                        Store.Shape == AtomicOperation::ThroughLocal;
      if (!IsComputed || Subject == InvalidId || Store.Order.Order == MemoryOrder::Relaxed ||
          Store.Order.Order == MemoryOrder::Unknown || InThreads.count(Subject) ||
          !IsChangedElsewhere(Subject, Id))
        continue;
      const auto &Operations = Program.summary(Id).Operations;
      bool IsUnlocked = std::any_of(Operations.begin(), Operations.end(), [&](const Operation &Op) {
        return Op.Where == Store.Where && Op.In == Id && Op.Locks.empty();
      });
      if (IsUnlocked && Told.insert(Store.Where).second)
        Out.report(describe(Program, Id, Store, "'" + Unit.Entities[Subject].Name + "'"));
    }
  }
}

void run(const ProgramModel &Program, Reporter &Out) {
  std::set<SourceRange> Told;
  for (const ConcurrentPair &Pair : Program.atomicConflicts()) {
    const AtomicOperation *Store = storeAt(Program.unit(), Pair.First.In, Pair.First.Where);
    if (Store && (Pair.First.Flags & Split) && spoils(*Store, Pair.Second, Program.unit()) &&
        Told.insert(Pair.First.Where).second)
      reportMeeting(Program, Pair, *Store, Out);
    // The other one as well, if it is split too: it has to be cured in its own place.
    const AtomicOperation *Second = storeAt(Program.unit(), Pair.Second.In, Pair.Second.Where);
    if (Second && (Pair.Second.Flags & Split) && spoils(*Second, Pair.First, Program.unit()) &&
        Told.insert(Pair.Second.Where).second)
      reportMeeting(Program, {Pair.Frame, Pair.Second, Pair.First}, *Second, Out);
  }
  reportOddOnesOut(Program, Told, Out);
}

} // namespace

namespace heddle::checks {
extern const Check SplitAtomicUpdate;
const Check SplitAtomicUpdate{run};
} // namespace heddle::checks
