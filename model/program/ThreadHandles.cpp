#include "model/program/ThreadHandles.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

ThreadHandles::ThreadHandles(const ValueFlow &Values) : Values(Values), Unit(Values.unit()) {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      switch (E.Kind) {
      case EventKind::Spawn:
        Spawns.push_back({Id, &E});
        break;
      case EventKind::Join:
      case EventKind::Detach:
      case EventKind::StopThread:
      case EventKind::Destroy:
        Uses.push_back({Id, &E});
        break;
      default:
        break;
      }
    });
  for (const SpawnSite &Spawn : Spawns)
    Known.merge(variables(Spawn));
}

std::set<AccessPath> ThreadHandles::variables(const SpawnSite &Spawn) const {
  std::set<AccessPath> Raw{Spawn.Start->Path}, Result;
  // Temporaries are moved within their statement; two rounds see chains in any order.
  for (int Round = 0; Round < 2; ++Round)
    forEachEvent(Unit.Functions[Spawn.Frame], [&](const Event &E) {
      if (E.Kind == EventKind::Move && !E.Values.empty() && E.Values[0].Path.isKnown() &&
          Raw.count(E.Values[0].Path))
        Raw.insert(E.Path);
    });
  for (const AccessPath &P : Raw)
    if (AccessPath Object = Values.object(Spawn.Frame, P); Object.isKnown())
      Result.insert(Object);
  return Result;
}

bool ThreadHandles::mayBeStopped(const SpawnSite &Spawn) const {
  std::set<AccessPath> Mine = variables(Spawn);
  return llvm::any_of(Uses, [&](const HandleUse &Use) {
    if (Use.What->Kind != EventKind::StopThread)
      return false;
    AccessPath Stopped = Values.object(Use.Frame, Use.What->Path);
    return Mine.empty() || Mine.count(Stopped) || !Known.count(Stopped);
  });
}

std::vector<HandleUse> ThreadHandles::uses(const SpawnSite &Spawn) const {
  std::set<AccessPath> Mine = variables(Spawn);
  std::vector<HandleUse> Result;
  for (const HandleUse &Use : Uses)
    if (Mine.count(Values.object(Use.Frame, Use.What->Path)))
      Result.push_back(Use);
  llvm::sort(Result,
             [](const HandleUse &A, const HandleUse &B) { return A.What->Where < B.What->Where; });
  return Result;
}

/// Adds what a change of type means for one event; false if it forbids the change.
bool ThreadHandles::addUse(FunctionId Frame, const Event &E, const AccessPath &Handle,
                           StoppableHandle &Out) const {
  auto Means = [&](const AccessPath &P) { return Values.object(Frame, P) == Handle; };
  const Statement *Whole = E.Statement == InvalidId ? nullptr : &Unit.Statements[E.Statement];
  bool Fits = true;
  for (const Value &V : E.Values)
    Fits &= !(V.What == Value::PointsTo || V.What == Value::Load) || !Means(V.Path);
  if (E.Kind == EventKind::Spawn && variables({Frame, &E}).count(Handle)) {
    if (Whole && Whole->HandleType.isValid())
      Out.Types.push_back(Whole->HandleType);
    // What is spelled out of our sight, or not at all, would stay what it is.
    else
      Fits &= Means(E.Path) && !Unit.Entities[Out.Variable].TypeIsDeduced;
    return Fits;
  }
  if (!Means(E.Path))
    return Fits;
  switch (E.Kind) {
  case EventKind::Join: {
    // The handle is named by its bare name, also through `this` and captures.
    AccessPath Plain = Values.withoutCaptures(Frame, E.Path).Path;
    AccessPath Member = AccessPath(RootKind::Parameter, 0).deref().field(Out.Variable);
    if (!Whole || !Whole->IsExpression || !Whole->Whole.isValid() ||
        !(Plain.isRootOnly() || Plain == Member))
      return false;
    Out.Joins.push_back(Whole);
    Out.IsSafe &= Unit.Functions[Frame].IsDestructor;
    return Fits;
  }
  case EventKind::Move: // from the temporary of a spawn, or from elsewhere
    return Fits && llvm::any_of(Spawns, [&](const SpawnSite &Spawn) {
             return Spawn.Frame == Frame && Spawn.Start->Path == E.Values[0].Path;
           });
  case EventKind::Detach:
  case EventKind::Escape:
    return false;
  default:
    return Fits;
  }
}

std::optional<StoppableHandle> ThreadHandles::stoppable(const SpawnSite &Spawn) const {
  std::set<AccessPath> Mine = variables(Spawn);
  if (Mine.size() != 1 || !Mine.begin()->isRootOnly())
    return std::nullopt;
  const AccessPath &Handle = *Mine.begin();
  const Entity &Variable = Unit.Entities[Handle.rootId()];
  StoppableHandle Result{Handle.rootId(), {}, {}, Variable.IsLocalToUnit};
  bool IsAlready = Spawn.Start->has(Stops);
  if (Variable.StoppableReplacement.empty() || (!IsAlready && !Variable.TypeWritten.isValid()))
    return std::nullopt;
  bool Fits = true;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id],
                 [&](const Event &E) { Fits = Fits && addUse(Id, E, Handle, Result); });
  if (!Fits)
    return std::nullopt;
  if (IsAlready)
    Result.Types.clear();
  else if (!Variable.TypeIsDeduced)
    Result.Types.push_back(Variable.TypeWritten);
  llvm::sort(Result.Types);
  Result.Types.erase(llvm::unique(Result.Types), Result.Types.end());
  return Result;
}
