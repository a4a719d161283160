#include "model/program/ProgramModel.h"

#include "model/program/Callees.h"
#include "model/program/LastCalls.h"
#include "model/program/ThreadFlags.h"
#include "model/program/UnseenSections.h"
#include "model/program/interpreter/FunctionInterpreter.h"
#include "model/program/locks/LockFlow.h"
#include "model/program/locks/SpinLocks.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>

using namespace heddle;

ProgramModel::ProgramModel(UnitFacts Unit, StopRequest Stop) : Facts(std::move(Unit)) {
  Summaries.resize(Facts.Functions.size());
  settleSpinLocks(Facts);
  pairUnseenSections(Facts);
  noteWrittenSubjects();
  findSemaphoreLocks();
  const std::vector<std::vector<FunctionId>> Components = bottomUpOrder();
  std::vector<FunctionId> Order;
  for (const std::vector<FunctionId> &Component : Components)
    Order.insert(Order.end(), Component.begin(), Component.end());
  endWaysAtLastCalls(Facts, Order);
  settleThreadFlags(Facts);
  LockFlow Locks(Facts, Summaries);
  for (const std::vector<FunctionId> &Component : Components) {
    if (Stop.isMade())
      return;
    if (!startsItself(Component)) {
      for (FunctionId Id : Component)
        FunctionInterpreter(*this, Id, Locks.follow(Id)).run();
      continue;
    }
    std::vector<LockWays> Ways;
    for (FunctionId Id : Component)
      Ways.push_back(Locks.follow(Id));
    Again.Members = {Component.begin(), Component.end()};
    Again.GivesConstants = givesConstants(Component);
    draft(Component, Ways);
    for (size_t I = 0; I < Component.size(); ++I)
      FunctionInterpreter(*this, Component[I], std::move(Ways[I])).run();
    Again = {};
  }
  LockFaults = Locks.faults();
  // What a helper calls whose callers hold a lock is called with the lock as well.
  addCallees(Facts, EnteredWithLock, [](const FunctionFacts &Helper) { return !Helper.IsPublic; });
  pairUnderUnseenCallers();
  dropProtectedByCallers();
  pairMemberCloses();
  sortInitializations();
  Guarded = inferGuards(*this);
  addPromisedCycles(*this, entryPoints(), LockCycles);
  BlockedHolders = findBlockedHolders(*this, entryPoints());
  collectOpenStaleActs();
  findGuardsOfEscapes();
  pairConditionWaits();
  Unchecked = findUncheckedWaits(Facts);
  llvm::sort(Misused, [](const PrimitiveMisuse &A, const PrimitiveMisuse &B) {
    return std::tie(A.Use.Where, A.What, A.Frame, A.Use.Object) <
           std::tie(B.Use.Where, B.What, B.Frame, B.Use.Object);
  });
  auto BySource = [](const ConcurrentPair &A, const ConcurrentPair &B) {
    return std::tie(A.First.Where, A.Second.Where) < std::tie(B.First.Where, B.Second.Where);
  };
  llvm::sort(Races, BySource);
  llvm::sort(AtomicConflicts, BySource);
  findCauses(Facts, Races);
  llvm::sort(Closes, BySource);
  llvm::sort(Outlived, [](const OutlivedObject &A, const OutlivedObject &B) {
    return std::tie(A.Use.Origin->Spawn, A.Ends, A.Object, A.Use.Where) <
           std::tie(B.Use.Origin->Spawn, B.Ends, B.Object, B.Use.Where);
  });
  llvm::sort(Missed,
             [](const MissedObligation &A, const MissedObligation &B) { return A.Made < B.Made; });
}

std::vector<std::vector<FunctionId>> ProgramModel::bottomUpOrder() const {
  // Tarjan's algorithm (1972) yields components callees first; it is written with a stack of its
  // own because call chains can be longer than ours.
  size_t Count = Facts.Functions.size();
  std::vector<std::vector<FunctionId>> Callees(Count);
  std::map<EntityId, std::vector<FunctionId>> Kept; // in constant objects
  for (const auto &[Member, Callable] : Facts.ConstantCallables)
    Kept[Member.rootId()].push_back(Callable.Callee);
  for (FunctionId Id = 0; Id < Count; ++Id) {
    std::set<FunctionId> Seen;
    std::function<void(const Value &)> Note = [&](const Value &V) {
      if (V.Callee != InvalidId)
        Seen.insert(V.Callee);
      if (auto Object = V.Path.root() == RootKind::Global ? Kept.find(V.Path.rootId()) : Kept.end();
          Object != Kept.end())
        Seen.insert(Object->second.begin(), Object->second.end());
      for (const Value &Bound : V.Bound)
        Note(Bound);
    };
    auto NoteEvent = [&](const Event &E) {
      if (E.Callee != InvalidId)
        Seen.insert(E.Callee);
      for (const Value &V : E.Values)
        Note(V);
    };
    for (const Block &B : Facts.Functions[Id].Blocks) {
      for (const Event &E : B.Events)
        NoteEvent(E);
      for (const Edge &Way : B.Successors)
        for (const Event &E : Way.Events)
          NoteEvent(E);
    }
    Callees[Id].assign(Seen.begin(), Seen.end());
  }
  std::vector<std::vector<FunctionId>> Order;
  std::vector<uint32_t> Index(Count, InvalidId), Low(Count, 0);
  std::vector<bool> OnStack(Count);
  std::vector<FunctionId> Component;
  std::vector<std::pair<FunctionId, size_t>> Work;
  uint32_t Next = 0;
  for (FunctionId Root = 0; Root < Count; ++Root) {
    if (Index[Root] != InvalidId)
      continue;
    Work.emplace_back(Root, 0);
    while (!Work.empty()) {
      auto &[Id, Child] = Work.back();
      if (Child == 0 && Index[Id] == InvalidId) {
        Index[Id] = Low[Id] = Next++;
        Component.push_back(Id);
        OnStack[Id] = true;
      }
      if (Child < Callees[Id].size()) {
        FunctionId Callee = Callees[Id][Child++];
        if (Index[Callee] == InvalidId)
          Work.emplace_back(Callee, 0);
        else if (OnStack[Callee])
          Low[Id] = std::min(Low[Id], Index[Callee]);
        continue;
      }
      FunctionId Done = Id;
      Work.pop_back();
      if (!Work.empty())
        Low[Work.back().first] = std::min(Low[Work.back().first], Low[Done]);
      if (Low[Done] != Index[Done])
        continue;
      Order.emplace_back();
      while (true) {
        FunctionId Member = Component.back();
        Component.pop_back();
        OnStack[Member] = false;
        Order.back().push_back(Member);
        if (Member == Done)
          break;
      }
    }
  }
  return Order;
}

std::vector<FunctionId> ProgramModel::entryPoints() const {
  bool HasMain = llvm::any_of(Facts.Functions, [](const FunctionFacts &F) { return F.IsMain; });
  std::vector<FunctionId> Result;
  for (FunctionId Id = 0; Id < Facts.Functions.size(); ++Id) {
    const FunctionFacts &F = Facts.Functions[Id];
    bool IsOpen = !HasMain && F.IsPublic && !F.IsAssignment && !EnteredWithLock.count(Id);
    if (!F.Blocks.empty() && (IsOpen || !Reached.count(Id)))
      Result.push_back(Id);
  }
  return Result;
}

void ProgramModel::dropProtectedByCallers() {
  // The frame's own thread may hold what its callers took; whether it is the lock that the other
  // thread holds is not known here.
  auto IsProtected = [&](const ConcurrentPair &Pair) {
    if (!EnteredWithLock.count(Pair.Frame))
      return false;
    const Operation *Own = !Pair.First.Origin    ? &Pair.First
                           : !Pair.Second.Origin ? &Pair.Second
                                                 : nullptr;
    const Operation &Other = Own == &Pair.First ? Pair.Second : Pair.First;
    return Own && !Other.Locks.empty();
  };
  std::erase_if(Races, IsProtected);
  std::erase_if(AtomicConflicts, IsProtected);
}
