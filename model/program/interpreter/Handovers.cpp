// What a thread's stores tell other threads, what its branches believe, and which races come of it
// that neither orders anything.
#include "model/program/interpreter/AfterBlocks.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

bool Handovers::insert(const Handover &New) {
  if (Content.size() >= MaxHandovers ||
      std::find(Content.begin(), Content.end(), New) != Content.end())
    return false;
  Content.push_back(New);
  return true;
}

bool Handovers::unite(const Handovers &Other) {
  if (Content.shares(Other.Content))
    return false;
  if (Content.empty()) {
    Content = Other.Content;
    return true;
  }
  bool Changed = false;
  for (const Handover &Each : Other.Content)
    Changed |= insert(Each);
  return Changed;
}

void Handovers::settle(const AccessPath &Path, const SourceRange &Where) {
  Content.eraseIf([&](const Handover &Each) {
    return !Each.HasNumber && Each.Where == Where && Each.Path == Path;
  });
}

bool heddle::mayPass(const Handover &Store, const Handover &Read) {
  if (!(Store.Path == Read.Path) || !Store.Path.isPrecise())
    return false;
  if (!Store.HasNumber || !Read.HasNumber)
    return true;
  return (Store.Number == Read.Number) != Read.has(Differs);
}

bool FunctionInterpreter::seesFence() const {
  auto IsFence = [&](const Event &E) {
    return E.Kind == EventKind::Fence || (E.Kind == EventKind::Call && E.Callee != InvalidId &&
                                          Program.Summaries[E.Callee].HasFence);
  };
  return std::any_of(Function.Blocks.begin(), Function.Blocks.end(), [&](const Block &B) {
    return std::any_of(B.Events.begin(), B.Events.end(), IsFence);
  });
}

void FunctionInterpreter::applyPassed(AbstractState &State, const Event &E) {
  AccessPath Path = State.resolve(E.Path);
  if (!Path.isKnown())
    return;
  Handover Read;
  Read.Path = Path;
  Read.Where = E.Where;
  Read.In = Id;
  Read.Flags = E.Flags & (Atomic | Relaxed | Volatile | Differs);
  if (Result.HasFence)
    Read.Flags &= ~static_cast<uint64_t>(Relaxed);
  if (!E.Values.empty() && E.Values[0].What == Value::Constant) {
    Read.HasNumber = true;
    Read.Number = E.Values[0].Number;
  }
  // What is changed in one step may have been handed on by others, as something else.
  EntityId Subject = Path.subject();
  if (Path.root() == RootKind::Capture && Path.derefs() == Path.steps().size())
    Subject = Function.Captures[Path.rootId()].Variable;
  if (Read.HasNumber && Subject != InvalidId && !Program.IsUpdated[Subject])
    State.Believed.settle(Path, E.Where);
  State.Believed.insert(Read);
}

void FunctionInterpreter::noteSeen(AbstractState &State, const AccessPath &Path,
                                   const SourceRange &Where) {
  State.Waited.insert(Path);
  Handover Read;
  Read.Path = Path;
  Read.Where = Where;
  Read.In = Id;
  Read.Flags = Atomic;
  State.Believed.insert(Read);
}

void FunctionInterpreter::notePublished(const Event &E, const AccessPath &Path) {
  if (!E.has(Atomic) && !E.has(Volatile))
    return;
  Handover Store;
  Store.Path = Path;
  Store.Where = E.Where;
  Store.In = Id;
  Store.Flags = E.Flags & (Atomic | Relaxed | Volatile);
  if (Result.HasFence)
    Store.Flags &= ~static_cast<uint64_t>(Relaxed);
  if (E.Kind == EventKind::Write && !E.Values.empty() && E.Values[0].What == Value::Constant) {
    Store.HasNumber = true;
    Store.Number = E.Values[0].Number;
  }
  PublishEvents.emplace_back(Now, Store);
}

void FunctionInterpreter::addPublishedAfter() {
  if (PublishEvents.empty())
    return;
  std::vector<Handovers> Within(Function.Blocks.size());
  for (const auto &[At, Store] : PublishEvents) {
    Within[At.Block].insert(Store);
    if (isHandedOver(Store.Path))
      Result.Published.insert(Store);
  }
  const std::vector<Handovers> After = unitedAfter(Function, Within);
  SetMemo<Handovers> Memo;
  Position Last{InvalidId, InvalidId};
  for (PendingOperation &P : Pending) {
    if (P.At != Last)
      Memo.clear();
    Last = P.At;
    P.Op.Published = Memo.of(P.Op.Published, [&](Handovers Stores) {
      for (const auto &[Place, Store] : PublishEvents)
        if (Place.Block == P.At.Block && Place.Event > P.At.Event)
          Stores.insert(Store);
      Stores.unite(After[P.At.Block]);
      return Stores;
    });
  }
}

Handovers FunctionInterpreter::substitute(const AbstractState &State, const Binding &Call,
                                          const Handovers &All) const {
  Handovers Seen;
  for (const Handover &Each : All) {
    Handover Here = Each;
    Here.Path = substitute(State, Call, Each.Path);
    if (Here.Path.isKnown())
      Seen.insert(Here);
  }
  return Seen;
}

namespace {

/// The store and the read by which one thread would have told the other, had either ordered
/// anything.
bool findHandover(const Operation &From, const Operation &To, ConcurrentPair &Pair) {
  for (const Handover &Store : From.Published)
    for (const Handover &Read : To.Believed) {
      bool IsWeak =
          Store.has(Volatile) || Read.has(Volatile) || Store.has(Relaxed) || Read.has(Relaxed);
      if (!IsWeak || !mayPass(Store, Read) || Store.Path.overlaps(From.Path))
        continue;
      Pair.Published = Store;
      Pair.Passed = Read;
      Pair.Cause = Store.has(Volatile) ? RaceCause::VolatileFlag : RaceCause::RelaxedOrder;
      return true;
    }
  return false;
}

} // namespace

/// Directives have orders of their own.
static bool isInRegion(const UnitFacts &Unit, const Operation &Op) {
  return Op.Origin && Op.Origin->Entry != InvalidId &&
         Unit.Functions[Op.Origin->Entry].Region != RegionKind::None;
}

void heddle::findCauses(const UnitFacts &Unit, std::vector<ConcurrentPair> &Races) {
  std::map<EntityId, RaceCause> BySubject;
  for (ConcurrentPair &Pair : Races) {
    EntityId Subject = Pair.First.Path.subject();
    bool IsVolatile = Subject != InvalidId && Unit.Entities[Subject].IsVolatile;
    if ((Pair.First.Flags | Pair.Second.Flags) & (Ends | Usage | Descriptor))
      continue; // of the object's life, whatever it holds
    if (isInRegion(Unit, Pair.First) || isInRegion(Unit, Pair.Second))
      continue;
    if ((Pair.First.Flags ^ Pair.Second.Flags) & Atomic)
      Pair.Cause = RaceCause::MixedAccess;
    else if (IsVolatile && ((Pair.First.Flags | Pair.Second.Flags) & Polled))
      Pair.Cause = RaceCause::VolatileFlag;
    else if (!findHandover(Pair.First, Pair.Second, Pair))
      findHandover(Pair.Second, Pair.First, Pair);
    // The first cause in the order of the enumeration that is one tells all of the variable's.
    if (Subject != InvalidId && Pair.Cause != RaceCause::NoProtection) {
      auto [Known, IsNew] = BySubject.try_emplace(Subject, Pair.Cause);
      Known->second = std::min(Known->second, Pair.Cause);
    }
  }
  for (ConcurrentPair &Pair : Races)
    if (auto Known = BySubject.find(Pair.First.Path.subject()); Known != BySubject.end())
      if (!((Pair.First.Flags | Pair.Second.Flags) & (Ends | Usage | Descriptor)))
        Pair.Cause = Known->second;
}
