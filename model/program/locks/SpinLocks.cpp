#include "model/program/locks/SpinLocks.h"

#include "model/facts/ValueFlow.h"
#include "model/program/PathSet.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <optional>
#include <set>

using namespace heddle;

namespace {

/// A flag is known by the member or variable. Those that functions are given by pointer are all
/// one, InvalidId, and so is what is given to such functions.
using Name = EntityId;

bool isCandidate(const Event &E) {
  return (E.Kind == EventKind::TryLock || E.Kind == EventKind::Acquire ||
          E.Kind == EventKind::Release) &&
         E.has(Claimed);
}

bool isAccess(const Event &E) {
  return E.Kind == EventKind::Read || E.Kind == EventKind::Write || E.Kind == EventKind::Update;
}

/// Whether control may come back to the block.
bool isInLoop(const FunctionFacts &Function, uint32_t Block) {
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Work{Block};
  while (!Work.empty()) {
    uint32_t Next = Work.back();
    Work.pop_back();
    for (const Edge &Way : Function.Blocks[Next].Successors) {
      if (Way.To == Block)
        return true;
      if (!Seen[Way.To]) {
        Seen[Way.To] = true;
        Work.push_back(Way.To);
      }
    }
  }
  return false;
}

class Finder {
public:
  explicit Finder(UnitFacts &Unit) : Unit(Unit) {}
  void run();

private:
  struct Flag {
    bool Spins = false, IsGivenBack = false, IsOther = false, IsCertain = false;
    bool isLock() const { return Spins && IsGivenBack && !IsOther; }
  };

  std::optional<Name> nameOf(const FunctionFacts &Function, const AccessPath &Path) const;
  const Flag *find(const FunctionFacts &Function, const AccessPath &Path) const;
  bool isLock(const FunctionFacts &Function, const AccessPath &Path) const {
    const Flag *Known = find(Function, Path);
    return Known && Known->isLock();
  }
  void collectCandidates();
  void collectGiven();
  bool noteGiven(FunctionId In, const Value &V);
  void look(const FunctionFacts &Function);
  void believeGuards();
  /// Does something that matters which thread does it when.
  bool isWork(const FunctionFacts &Function, const Event &E, const AccessPath &Lock) const;
  /// Whether a read in the block serves only to find out when to take the lock: without it nothing
  /// is done but to say no.
  bool leadsToTake(const FunctionFacts &Function, uint32_t Block, const AccessPath &Lock) const;
  void settle(FunctionFacts &Function) const;

  UnitFacts &Unit;
  std::map<Name, Flag> Flags;
  bool AnyUnnamed = false;
  std::set<FunctionId> ByPointer; ///< Functions that are given flags.
  std::set<EntityId> Given;       ///< What they are given.
};

std::optional<Name> Finder::nameOf(const FunctionFacts &Function, const AccessPath &Path) const {
  EntityId Subject = Path.subject();
  bool IsPointee = Path.steps().size() == 1 && Path.steps()[0].What == PathStep::Deref;
  if (IsPointee && Path.root() == RootKind::Capture && Path.rootId() < Function.Captures.size())
    Subject = Function.Captures[Path.rootId()].Variable;
  if (Subject != InvalidId)
    return Given.count(Subject) ? InvalidId : Subject;
  return IsPointee && Path.root() == RootKind::Parameter ? std::optional<Name>(InvalidId)
                                                         : std::nullopt;
}

const Finder::Flag *Finder::find(const FunctionFacts &Function, const AccessPath &Path) const {
  std::optional<Name> Known = nameOf(Function, Path);
  auto Seen = Known ? Flags.find(*Known) : Flags.end();
  return Seen == Flags.end() ? nullptr : &Seen->second;
}

void Finder::collectCandidates() {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      if (!isCandidate(E))
        return;
      std::optional<Name> Known = nameOf(Unit.Functions[Id], E.Path);
      AnyUnnamed |= !Known;
      if (Known)
        Flags.try_emplace(*Known);
      if (Known && *Known == InvalidId)
        ByPointer.insert(Id);
    });
}

bool Finder::noteGiven(FunctionId In, const Value &V) {
  AccessPath Object = V.pointee();
  if (Object.isKnown()) {
    std::optional<Name> Known = nameOf(Unit.Functions[In], Object);
    if (Known && *Known != InvalidId)
      return Given.insert(*Known).second;
    bool IsPassedOn = Known && Object.root() == RootKind::Parameter;
    return IsPassedOn && ByPointer.insert(In).second;
  }
  bool Any = false;
  for (const Value &Bound : V.Bound)
    Any |= noteGiven(In, Bound);
  return Any;
}

void Finder::collectGiven() {
  for (bool Changed = !ByPointer.empty(); Changed;) {
    Changed = false;
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        bool IsThere = ByPointer.count(E.Callee) || llvm::any_of(E.Values, [&](const Value &V) {
                         return V.Callee != InvalidId && ByPointer.count(V.Callee);
                       });
        for (const Value &V : E.Values)
          Changed |= IsThere && noteGiven(Id, V);
      });
  }
  // What is one from now on has been seen under names of its own.
  for (EntityId Each : Given)
    if (Flags.erase(Each))
      Flags.try_emplace(InvalidId);
}

void Finder::look(const FunctionFacts &Function) {
  std::set<SourceRange> Places;
  for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
    for (const Event &E : Function.Blocks[B].Events)
      if (std::optional<Name> Known; isCandidate(E) && (Known = nameOf(Function, E.Path))) {
        Places.insert(E.Where);
        Flag &Seen = Flags[*Known];
        Seen.IsGivenBack |= E.Kind == EventKind::Release;
        Seen.Spins |= E.Kind == EventKind::TryLock && isInLoop(Function, B);
      }
  // Whatever else is stored there makes it something else.
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events) {
      if (!isAccess(E) || E.Kind == EventKind::Read || E.has(Ends) || Places.count(E.Where))
        continue;
      std::optional<Name> Known = nameOf(Function, E.Path);
      auto Seen = Known ? Flags.find(*Known) : Flags.end();
      bool SetsUp = (Function.IsConstructor || Function.IsMain) && E.has(ZeroValue);
      bool MayBeOther = Known && *Known == InvalidId && E.Path.subject() == InvalidId;
      if (Seen != Flags.end() && !SetsUp && (!MayBeOther || E.has(Atomic)))
        Seen->second.IsOther = true;
    }
}

void Finder::believeGuards() {
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind != EventKind::GuardMake)
        return;
      for (const Value &Lock : E.Values)
        if (Lock.Callee != InvalidId)
          forEachEvent(Unit.Functions[Lock.Callee], [&](const Event &Inner) {
            std::optional<Name> Known = nameOf(Unit.Functions[Lock.Callee], Inner.Path);
            if (isCandidate(Inner) && Known)
              Flags[*Known].IsCertain = true;
          });
    });
}

bool Finder::isWork(const FunctionFacts &Function, const Event &E, const AccessPath &Lock) const {
  switch (E.Kind) {
  case EventKind::Read:
  case EventKind::Write:
  case EventKind::Update: {
    bool IsOwn = E.Path.derefs() == 0 && E.Path.root() != RootKind::Global &&
                 E.Path.root() != RootKind::Capture;
    return !IsOwn && !E.has(Usage) && nameOf(Function, E.Path) != nameOf(Function, Lock);
  }
  case EventKind::Call:
  case EventKind::CallValue:
  case EventKind::Send:
  case EventKind::Receive:
  case EventKind::Spawn:
    return true;
  default:
    return false;
  }
}

bool Finder::leadsToTake(const FunctionFacts &Function, uint32_t Block,
                         const AccessPath &Lock) const {
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Work{Block};
  auto Takes = [&](const Event &E) {
    return isCandidate(E) && E.Kind == EventKind::Acquire && E.Path == Lock;
  };
  bool IsTaken = false;
  while (!Work.empty()) {
    uint32_t Next = Work.back();
    Work.pop_back();
    if (Seen[Next])
      continue;
    Seen[Next] = true;
    for (const Event &E : Function.Blocks[Next].Events) {
      bool SaysNo = E.Kind == EventKind::Return && E.Values[0].What == Value::Constant &&
                    E.Values[0].Number == 0;
      if (isWork(Function, E, Lock) || (E.Kind == EventKind::Return && !SaysNo))
        return false;
    }
    for (const Edge &Way : Function.Blocks[Next].Successors) {
      bool IsTake = llvm::any_of(Way.Events, Takes);
      IsTaken |= IsTake;
      if (IsTake)
        continue;
      bool SaysSo = llvm::any_of(Function.Blocks[Next].Events,
                                 [](const Event &E) { return E.Kind == EventKind::Return; });
      if (Way.To == FunctionFacts::ExitBlock && !SaysSo)
        return false;
      Work.push_back(Way.To);
    }
  }
  return IsTaken;
}

void Finder::settle(FunctionFacts &Function) const {
  std::set<SourceRange> Places;
  PathSet Taken;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      if (isCandidate(E) && E.Kind == EventKind::TryLock && isLock(Function, E.Path)) {
        Places.insert(E.Where);
        Taken.insert(E.Path);
      }
  for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
    for (Event &E : Function.Blocks[B].Events)
      if ((E.Kind == EventKind::Update && Places.count(E.Where)) ||
          (E.Kind == EventKind::Read && Taken.count(E.Path) && leadsToTake(Function, B, E.Path)))
        E.Flags |= Takes;
  auto Settle = [&](std::vector<Event> &Events) {
    std::erase_if(Events, [&](const Event &E) {
      return (isCandidate(E) && !isLock(Function, E.Path)) ||
             (E.Kind == EventKind::Passed && Taken.count(E.Path));
    });
    for (Event &E : Events)
      if (isCandidate(E) && find(Function, E.Path)->IsCertain)
        E.Flags &= ~uint64_t(Claimed);
  };
  for (Block &B : Function.Blocks) {
    Settle(B.Events);
    for (Edge &Way : B.Successors)
      Settle(Way.Events);
  }
}

void Finder::run() {
  collectCandidates();
  if (Flags.empty() && !AnyUnnamed)
    return;
  collectGiven();
  for (const FunctionFacts &Function : Unit.Functions)
    look(Function);
  believeGuards();
  for (auto &[Known, Seen] : Flags)
    // A name that says nothing may stand for any of them.
    Seen.IsOther |= AnyUnnamed || (Known != InvalidId && Unit.Entities[Known].StartsSet);
  for (EntityId Each : Given)
    if (auto Seen = Flags.find(InvalidId); Seen != Flags.end())
      Seen->second.IsOther |= Unit.Entities[Each].StartsSet;
  for (FunctionFacts &Function : Unit.Functions)
    settle(Function);
}

} // namespace

void heddle::settleSpinLocks(UnitFacts &Unit) { Finder(Unit).run(); }
