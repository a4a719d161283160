#include "model/program/locks/LockFlow.h"

#include "model/facts/ValueFlow.h"
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>
#include <iterator>

using namespace heddle;

bool LockSummary::isIdle() const {
  return !IsOpaque && !TakesUnnamed && Touches.empty() && LockedCalls.empty() && Lost.empty() &&
         !Outcomes.empty() && llvm::all_of(Outcomes, [](const Outcome &O) {
           return O.Locks.empty() && O.Guards.empty();
         });
}

LockFlow::LockFlow(const UnitFacts &Unit, llvm::ArrayRef<Summary> Memory)
    : Unit(Unit), Memory(Memory), Summaries(Unit.Functions.size()) {
  collectKinds();
  collectEntries();
  collectDeciding();
  collectOpen();
  collectComputed();
}

LockWays LockFlow::follow(FunctionId Id) {
  const FunctionFacts &Function = Unit.Functions[Id];
  if (isWorthLooking(Id)) {
    LockWays Ways = LockInterpreter(*this, Id).run();
    // Its author says that what it does to locks cannot be followed.
    bool IsHidden =
        Function.IsExemptFromAnnotations && Function.Acquires.empty() && Function.Releases.empty();
    Summaries[Id].IsOpaque |= IsHidden;
    return IsHidden ? LockWays() : std::move(Ways);
  }
  LockSummary &Idle = Summaries[Id];
  Idle.IsComputed = true;
  Idle.Outcomes.emplace_back();
  forEachEvent(Function, [&](const Event &E) {
    Idle.RunsUnknown |= (E.Kind == EventKind::UnknownCall && !E.has(Library)) ||
                        (E.Kind == EventKind::Call && Summaries[E.Callee].RunsUnknown) ||
                        E.Kind == EventKind::CallValue;
  });
  return {};
}

/// What describes locks and may make them recursive, or is known to code that is not seen.
static PathSet otherDescriptions(const UnitFacts &Unit) {
  PathSet Result;
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      bool IsHandedOn = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue ||
                        (E.Kind == EventKind::UnknownCall && !E.has(Library));
      if ((E.Kind == EventKind::LockKind && E.has(Reentrant)) || E.Kind == EventKind::Escape)
        Result.insert(E.Path);
      for (const Value &V : E.Values)
        if (IsHandedOn && V.What == Value::PointsTo)
          Result.insert(V.Path);
    });
  return Result;
}

void LockFlow::collectKinds() {
  std::optional<PathSet> Others;
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      EntityId Lock = E.Path.subject();
      if (E.Kind != EventKind::LockInit || Lock == InvalidId)
        return;
      bool IsPlain = !E.has(Reentrant);
      if (!IsPlain && !E.Values.empty()) {
        if (!Others)
          Others = otherDescriptions(Unit);
        AccessPath By = E.Values[0].pointee();
        IsPlain = By.root() == RootKind::Local && By.derefs() == 0 && !Others->count(By);
      }
      (IsPlain ? PlainKinds : OtherKinds).insert(Lock);
    });
  Robust = findRobustLocks(Unit);
}

std::set<EntityId> heddle::findRobustLocks(const UnitFacts &Unit) {
  PathSet Described;
  std::set<EntityId> Result;
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::LockRobust)
        Described.insert(E.Path);
    });
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind != EventKind::LockInit || E.Values.empty())
        return;
      // What is as somebody else has described may be anything.
      AccessPath By = E.Values[0].pointee();
      if (!By.isKnown() || By.derefs() > 0 || Described.count(By))
        Result.insert(E.Path.subject());
    });
  Result.erase(InvalidId);
  return Result;
}

/// Whether the path is the variable or member itself, or an element of it that is known.
static bool isItself(const AccessPath &Lock) {
  if (!Lock.isKnown() || Lock.steps().empty())
    return true;
  PathStep::Kind Last = Lock.steps().back().What;
  return Last == PathStep::Field || Last == PathStep::ElementAt;
}

void LockFlow::collectEntries() {
  std::function<void(const Value &, const Event &)> Note = [&](const Value &V, const Event &E) {
    if (V.Callee != InvalidId) {
      Called.insert(V.Callee);
      // An unnamed object that a reference is bound to is part of the call.
      if (E.Kind != EventKind::Store || E.Path.root() != RootKind::Temporary)
        HandedAt[V.Callee].insert(E.Where);
    }
    for (const Value &Bound : V.Bound)
      Note(Bound, E);
  };
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      bool Starts = E.Kind == EventKind::Spawn && !E.has(Parallel);
      if (Starts && E.Values[0].Callee != InvalidId)
        Entries.try_emplace(E.Values[0].Callee, E.Where);
      if (!Starts && E.Callee != InvalidId)
        Called.insert(E.Callee);
      for (size_t I = Starts ? 1 : 0; I < E.Values.size(); ++I)
        Note(E.Values[I], E);
    });
  std::erase_if(Entries, [&](const auto &Entry) { return Called.count(Entry.first) > 0; });
}

void LockFlow::collectDeciding() {
  for (const FunctionFacts &Function : Unit.Functions)
    for (const Judgement &J : Function.Judgements)
      if (J.What == Judgement::Decided)
        Deciding.insert(J.Subject.subject());
}

/// Whether every way through the function comes by the block.
static bool isOnEveryWay(const FunctionFacts &Function, uint32_t Block) {
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
  while (!Work.empty()) {
    uint32_t Next = Work.back();
    Work.pop_back();
    if (Next == Block || Seen[Next])
      continue;
    if (Next == FunctionFacts::ExitBlock)
      return false;
    Seen[Next] = true;
    for (const Edge &Way : Function.Blocks[Next].Successors)
      Work.push_back(Way.To);
  }
  return true;
}

void LockFlow::collectOpen() {
  // Where the whole program is in sight, what it does not set for certain may be as it was at
  // first.
  std::set<EntityId> Settled;
  bool HasMain = false;
  for (const FunctionFacts &Function : Unit.Functions) {
    HasMain |= Function.IsMain;
    for (uint32_t B = 0; Function.IsMain && B < Function.Blocks.size(); ++B)
      for (const Event &E : Function.Blocks[B].Events)
        if (E.Kind == EventKind::Write && E.has(FixedValue) && E.Path.root() == RootKind::Global &&
            E.Path.isRootOnly() && isOnEveryWay(Function, B))
          Settled.insert(E.Path.rootId());
  }
  if (HasMain)
    std::set_difference(Deciding.begin(), Deciding.end(), Settled.begin(), Settled.end(),
                        std::inserter(Open, Open.end()));
}

void LockFlow::collectComputed() {
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    for (const Judgement &J : Unit.Functions[Id].Judgements)
      if (J.What == Judgement::Decided && J.Subject.root() == RootKind::Return &&
          !J.Subject.isWholeCondition())
        Computed.try_emplace({J.Subject.rootId(), Id}, &J);
}

const Judgement *LockFlow::computed(uint32_t Number, FunctionId In) const {
  auto Known = Computed.find({Number, In});
  if (Known == Computed.end())
    Known = Computed.lower_bound({Number, 0});
  return Known != Computed.end() && Known->first.first == Number ? Known->second : nullptr;
}

bool LockFlow::isWorthLooking(FunctionId Id) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  bool Found = !Function.Acquires.empty() || !Function.Releases.empty();
  forEachEvent(Function, [&](const Event &E) {
    switch (E.Kind) {
    case EventKind::Acquire:
    case EventKind::Release:
    case EventKind::TryLock:
    case EventKind::GuardMake:
    case EventKind::GuardLock:
    case EventKind::GuardUnlock:
    case EventKind::GuardTry:
    case EventKind::GuardDisown:
      Found = true;
      break;
    case EventKind::Move:
      Found |= E.has(OfGuard);
      break;
    case EventKind::Call:
      Found |= Summaries[E.Callee].IsComputed && !Summaries[E.Callee].isIdle();
      break;
    case EventKind::CallValue:
    case EventKind::UnknownCall:
      for (const Value &V : E.Values)
        Found |= V.Callee != InvalidId && !Summaries[V.Callee].isIdle();
      break;
    case EventKind::Store:
      for (const Value &V : E.Values)
        Found |= V.What == Value::Closure && !Summaries[V.Callee].isIdle();
      break;
    default:
      break;
    }
  });
  return Found;
}

bool LockFlow::isPlain(const AccessPath &Lock, uint64_t Kind) const {
  if (Kind & (uint64_t(Reentrant) | Claimed))
    return false;
  if (!(Kind & ChosenKind))
    return true;
  EntityId Subject = Lock.subject();
  return Subject != InvalidId && isItself(Lock) && !OtherKinds.count(Subject) &&
         (PlainKinds.count(Subject) || Unit.Entities[Subject].IsPlainLock);
}

bool LockFlow::isOurs(const AccessPath &Lock) const {
  EntityId Subject = Lock.subject();
  bool IsNamed = Lock.root() == RootKind::Global || !Lock.steps().empty();
  return Subject != InvalidId && IsNamed && isItself(Lock) && Unit.Entities[Subject].IsLocalToUnit;
}

void LockFlow::dropGivenElsewhere() {
  // Who is left with a lock that others give back has the lock for them.
  std::erase_if(Faults, [&](const LockFault &F) {
    bool BySomebody = GivenBack.count(F.Lock.subject()) > 0;
    if ((F.Jumps || F.IsPartOut) && BySomebody)
      return true;
    if (F.What == LockFault::NeverUnlocked)
      return BySomebody || GivenBackFor.count(F.In) > 0;
    return F.IsTold &&
           (GivenBackFor.count(F.In) > 0 || (F.ByResult && !Called.count(F.In) && BySomebody));
  });
}

std::vector<LockFault> LockFlow::faults() {
  dropGivenElsewhere();
  llvm::sort(Faults, [](const LockFault &A, const LockFault &B) {
    return std::tie(A.Where, A.What, A.Lock, A.In) < std::tie(B.Where, B.What, B.Lock, B.In);
  });
  Faults.erase(std::unique(Faults.begin(), Faults.end(),
                           [](const LockFault &A, const LockFault &B) {
                             return A.Where == B.Where && A.What == B.What;
                           }),
               Faults.end());
  return std::move(Faults);
}
