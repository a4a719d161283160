#include "model/program/Cancellation.h"

#include "model/program/ThreadHandles.h"
#include "model/program/locks/LockFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// Where each lock is taken by hand, and in which functions it is taken at all.
struct Takings {
  explicit Takings(const UnitFacts &Unit) {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        if (E.Kind == EventKind::Acquire || E.Kind == EventKind::TryLock) {
          ByHand.insert(E.Where);
          In[E.Path.subject()].insert(Id);
        } else if (E.Kind == EventKind::GuardMake) {
          for (const Value &Lock : E.Values)
            In[Lock.pointee().subject()].insert(Id);
        }
      });
  }

  /// Whether somebody else waits for it then.
  bool isWanted(const HeldLock &Held, const UnitFacts &Unit) const {
    auto Known = In.find(Held.Path.subject());
    return Known != In.end() && llvm::any_of(Known->second, [&](FunctionId Id) {
             return !Unit.Functions[Id].BodyRange.encloses(Held.Where);
           });
  }

  std::set<SourceRange> ByHand;
  std::map<EntityId, std::set<FunctionId>> In;
};

} // namespace

std::vector<CancelledHolder> heddle::findCancelledHolders(const ProgramModel &Program) {
  const UnitFacts &Unit = Program.unit();
  std::vector<CancelledHolder> Result;
  bool Cancels = false;
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      Cancels |= E.Kind == EventKind::StopThread && E.has(heddle::Cancels);
    });
  if (!Cancels || Unit.HoldsCancellation)
    return Result;
  ValueFlow Values(Unit);
  ThreadHandles Handles(Values);
  Takings Taken(Unit);
  std::set<EntityId> Robust = findRobustLocks(Unit);
  auto Look = [&](FunctionId Frame, const Event &Spawn) {
    FunctionId Entry = Values.callee(Frame, Spawn);
    if (Entry == InvalidId)
      return;
    const Event *Cancel = nullptr;
    for (const HandleUse &Use : Handles.uses({Frame, &Spawn}))
      if (Use.What->Kind == EventKind::StopThread && Use.What->has(heddle::Cancels) && !Cancel)
        Cancel = Use.What;
    if (!Cancel)
      return;
    for (const Operation &Use : Program.summary(Entry).LockUses) {
      if (Use.Kind != EventKind::CancelPoint || Use.Origin)
        continue;
      for (const HeldLock &Held : Use.Locks)
        if (Held.Path.isKnown() && !Held.IsGiven && Taken.ByHand.count(Held.Where) &&
            !Robust.count(Held.Path.subject()) && Taken.isWanted(Held, Unit)) {
          Result.push_back({Spawn.Where, Cancel->Where, Entry, Use, Held});
          break;
        }
    }
  };
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      if (E.Kind == EventKind::Spawn)
        Look(Id, E);
    });
  llvm::sort(Result, [](const CancelledHolder &A, const CancelledHolder &B) {
    return std::tie(A.Point.Where, A.Spawn) < std::tie(B.Point.Where, B.Spawn);
  });
  auto Last = std::unique(Result.begin(), Result.end(), [](const auto &A, const auto &B) {
    return A.Point.Where == B.Point.Where;
  });
  Result.erase(Last, Result.end());
  return Result;
}
