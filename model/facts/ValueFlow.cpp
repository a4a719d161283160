#include "model/facts/ValueFlow.h"

using namespace heddle;

ValueFlow::ValueFlow(const UnitFacts &Unit)
    : Unit(Unit), Closures(Unit.Functions.size()), Callers(Unit.Functions.size()),
      Loose(Unit.Functions.size()) {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    indexDefinitions(Id);
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    indexCalls(Id);
}

void ValueFlow::noteClosures(FunctionId Frame, const Value &V) {
  if (V.What != Value::Closure)
    return;
  if (V.Callee < Closures.size()) {
    Definition &Known = Closures[V.Callee];
    if (Known.Frame == InvalidId)
      Known = {Frame, &V};
    else if (Known.What && (Known.Frame != Frame || Known.What->Bound != V.Bound))
      Known.What = nullptr;
  }
  for (const Value &Bound : V.Bound)
    noteClosures(Frame, Bound);
}

void ValueFlow::indexDefinitions(FunctionId Frame) {
  forEachEvent(Unit.Functions[Frame], [&](const Event &E) {
    for (const Value &V : E.Values)
      noteClosures(Frame, V);
    bool Assigns = E.Kind == EventKind::Store || E.Kind == EventKind::Move;
    if (!Assigns || E.Path.root() != RootKind::Local || !E.Path.isRootOnly() || E.Values.empty())
      return;
    auto [Known, IsNew] = Stores.try_emplace(E.Path.rootId(), Definition{Frame, &E.Values[0]});
    if (!IsNew && Known->second.What && !(*Known->second.What == E.Values[0]))
      Known->second.What = nullptr;
  });
}

void ValueFlow::noteLoose(const Value &V) {
  if (V.isCallable() && V.Callee < Loose.size())
    Loose[V.Callee] = true;
  for (const Value &Bound : V.Bound)
    noteLoose(Bound);
}

void ValueFlow::indexCalls(FunctionId Frame) {
  forEachEvent(Unit.Functions[Frame], [&](const Event &E) {
    bool HasCallable = E.Kind == EventKind::CallValue || E.Kind == EventKind::Spawn;
    bool KeepsCallable = E.Kind == EventKind::Store && E.Path.root() == RootKind::Local;
    for (size_t I = HasCallable || KeepsCallable ? 1 : 0; I < E.Values.size(); ++I)
      noteLoose(E.Values[I]);
    FunctionId Callee = callee(Frame, E);
    if (Callee >= Callers.size())
      return;
    CallSite Site{Frame, {}};
    auto Fill = [&](uint32_t Slot, const Value &V) {
      if (Site.Slots.size() <= Slot)
        Site.Slots.resize(Slot + 1);
      Site.Slots[Slot] = &V;
    };
    const FunctionFacts &Target = Unit.Functions[Callee];
    uint32_t Slot = firstSlot(E, Callee);
    if (HasCallable && !Target.hasCaptures() && E.Values[0].What == Value::Closure)
      for (uint32_t I = 0; I < E.Values[0].Bound.size(); ++I)
        Fill(I, E.Values[0].Bound[I]);
    for (size_t I = HasCallable ? 1 : 0; I < E.Values.size(); ++I)
      Fill(Slot++, E.Values[I]);
    Callers[Callee].push_back(std::move(Site));
  });
}

FunctionId ValueFlow::callee(FunctionId Frame, const Event &E) const {
  if (E.Kind == EventKind::Call)
    return E.Callee;
  if ((E.Kind == EventKind::CallValue || E.Kind == EventKind::Spawn) && !E.Values.empty())
    return callable(Frame, E.Values[0]);
  return InvalidId;
}

uint32_t ValueFlow::firstSlot(const Event &E, FunctionId Callee) const {
  if (E.Kind == EventKind::Call)
    return 0;
  const FunctionFacts &Target = Unit.Functions[Callee];
  if (!Target.hasCaptures() && E.Values[0].What == Value::Closure && !E.Values[0].Bound.empty())
    return E.Values[0].Bound.size();
  return Target.HasThis ? 0 : 1;
}

FunctionId ValueFlow::target(FunctionId Frame, const Value &V, unsigned Depth) const {
  if (V.isCallable())
    return V.Callee < Unit.Functions.size() ? V.Callee : InvalidId;
  if (V.What != Value::Load || Depth > MaxDepth)
    return InvalidId;
  Place Origin = withoutCaptures(Frame, V.Path);
  if (Origin.Path.root() != RootKind::Local || !Origin.Path.isRootOnly())
    return InvalidId;
  auto Stored = Stores.find(Origin.Path.rootId());
  if (Stored == Stores.end() || !Stored->second.What)
    return InvalidId;
  return target(Stored->second.Frame, *Stored->second.What, Depth + 1);
}

ValueFlow::Place ValueFlow::withoutCaptures(FunctionId Frame, const AccessPath &P) const {
  Place Result{Frame, P};
  for (unsigned Depth = 0; Result.Path.root() == RootKind::Capture; ++Depth) {
    const Definition &Made = Closures[Result.Frame];
    uint32_t Slot = Result.Path.rootId();
    bool IsIndirect = !Result.Path.isRootOnly() && Result.Path.steps()[0].What == PathStep::Deref;
    if (!Made.What || Slot >= Made.What->Bound.size() || Depth > MaxDepth)
      return {Frame, {}};
    const Value &Bound = Made.What->Bound[Slot];
    if (!IsIndirect && Bound.What == Value::Load)
      Result.Path = Result.Path.rebased(Bound.Path, 0); // a copy holds what the original holds
    else
      Result.Path = IsIndirect ? Result.Path.rebased(Bound.pointee(), 1) : AccessPath();
    Result.Frame = Made.Frame;
  }
  return Result;
}

AccessPath ValueFlow::throughCallers(FunctionId Frame, const AccessPath &P, unsigned Depth) const {
  if (Loose[Frame] || Callers[Frame].empty() || P.isRootOnly() ||
      P.steps()[0].What != PathStep::Deref)
    return {};
  AccessPath Agreed;
  for (const CallSite &Site : Callers[Frame]) {
    if (P.rootId() >= Site.Slots.size() || !Site.Slots[P.rootId()])
      return {};
    AccessPath There =
        resolve(Site.Frame, P.rebased(Site.Slots[P.rootId()]->pointee(), 1), Depth + 1);
    if (!There.isKnown() || (Agreed.isKnown() && !(Agreed == There)))
      return {};
    Agreed = There;
  }
  return Agreed;
}

AccessPath ValueFlow::resolve(FunctionId Frame, const AccessPath &P, unsigned Depth) const {
  if (!P.isKnown() || Depth > MaxDepth)
    return {};
  llvm::ArrayRef<PathStep> Steps = P.steps();
  size_t Own = Steps.size();
  while (Own > 0 && Steps[Own - 1].What == PathStep::Deref)
    --Own;
  if (Own > 0) {
    if (Steps[Own - 1].What != PathStep::Field)
      return {};
    return P.rebased(AccessPath(RootKind::Global, Steps[Own - 1].Id), Own);
  }
  switch (P.root()) {
  case RootKind::Global:
    return P;
  case RootKind::Capture: {
    Place Outer = withoutCaptures(Frame, P);
    return resolve(Outer.Frame, Outer.Path, Depth + 1);
  }
  case RootKind::Parameter:
    return throughCallers(Frame, P, Depth);
  case RootKind::Local: {
    auto Stored = Stores.find(P.rootId());
    if (P.isRootOnly() || Stored == Stores.end())
      return P;
    const Value *Held = Stored->second.What;
    RootKind Source = Held ? Held->Path.root() : RootKind::Unknown;
    if (!Held || (Held->What != Value::Load && Held->What != Value::PointsTo))
      return P;
    if (Source == RootKind::Heap || Source == RootKind::Temporary || Source == RootKind::Unknown)
      return P;
    return resolve(Stored->second.Frame, P.rebased(Held->pointee(), 1), Depth + 1);
  }
  default:
    return {};
  }
}
