#include "model/facts/KnownTargets.h"

#include "model/facts/ValueFlow.h"

#include <set>

using namespace heddle;

namespace {

/// The global or member that the path names; InvalidId for anything else.
EntityId keeper(const AccessPath &P) {
  bool IsGlobal = P.root() == RootKind::Global && P.isRootOnly();
  bool IsMember = !P.isRootOnly() && P.steps().back().What == PathStep::Field;
  return IsGlobal || IsMember ? P.subject() : InvalidId;
}

/// What is stored there, if that is a function that needs nothing of where it was stored.
bool isPlainFunction(const Value &V) {
  return V.What == Value::Function || (V.What == Value::Closure && V.Bound.empty());
}

class Keepers {
public:
  Keepers(const UnitFacts &Unit, const std::map<EntityId, Value> &Initial) : Unit(Unit) {
    for (const auto &[Id, Held] : Initial)
      keep(Id, Held);
    for (const FunctionFacts &Function : Unit.Functions)
      forEachEvent(Function, [&](const Event &E) { note(E); });
  }

  const Value *target(const Value &Called) const {
    EntityId Id = Called.What == Value::Load ? keeper(Called.Path) : InvalidId;
    auto Known = Targets.find(Id);
    return Known == Targets.end() || Open.count(Id) ? nullptr : &Known->second;
  }

private:
  void note(const Event &E) {
    // Whoever has its address may set it.
    for (const Value &V : E.Values)
      if (EntityId Id = V.What == Value::PointsTo ? keeper(V.Path) : InvalidId; Id != InvalidId)
        Open.insert(Id);
    EntityId Id = keeper(E.Path);
    if (Id == InvalidId)
      return;
    if (E.Kind == EventKind::Move || E.Kind == EventKind::Escape)
      Open.insert(Id);
    if (E.Kind != EventKind::Store)
      return;
    const Value &Held = E.Values[0];
    bool IsNull = Held.What == Value::Null || (Held.What == Value::Constant && Held.Number == 0);
    if (!IsNull)
      keep(Id, Held);
  }

  void keep(EntityId Id, const Value &Held) {
    if (!isPlainFunction(Held) || !Unit.Entities[Id].IsLocalToUnit) {
      Open.insert(Id);
      return;
    }
    auto [Known, IsNew] = Targets.emplace(Id, Held);
    if (!IsNew && !(Known->second == Held))
      Open.insert(Id);
  }

  const UnitFacts &Unit;
  std::map<EntityId, Value> Targets;
  std::set<EntityId> Open; ///< May hold something else.
};

} // namespace

void heddle::resolveKnownTargets(UnitFacts &Unit, const std::map<EntityId, Value> &Initial) {
  const Keepers Known(Unit, Initial);
  for (FunctionFacts &Function : Unit.Functions)
    for (Block &B : Function.Blocks)
      for (Event &E : B.Events)
        if ((E.Kind == EventKind::CallValue || E.Kind == EventKind::Spawn) && !E.Values.empty())
          if (const Value *Target = Known.target(E.Values[0])) {
            AccessPath Slot = E.has(Dispatch) ? E.Values[0].Path : AccessPath();
            E.Values[0] = *Target;
            E.Values[0].Path = std::move(Slot);
          }
}
