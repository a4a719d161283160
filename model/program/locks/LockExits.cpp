// How a function leaves the locks that it took, for its callers and as a fault.
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

bool isGuarded(const LockState &State, const AccessPath &Lock) {
  return llvm::any_of(State.Guards, [&](const auto &Entry) {
    return Entry.second.Owns && llvm::is_contained(Entry.second.Locks, Lock);
  });
}

bool sameFacts(const std::map<AccessPath, LockFact> &A, const std::map<AccessPath, LockFact> &B) {
  return A.size() == B.size() &&
         std::equal(A.begin(), A.end(), B.begin(), [](const auto &X, const auto &Y) {
           return X.first == Y.first && X.second.isSame(Y.second);
         });
}

/// An object that leads to the lock is returned: who gets that can give the lock back.
bool isReturnedWith(const LockState &State, const AccessPath &Lock) {
  const AccessPath Result(RootKind::Return, 0);
  return llvm::any_of(State.Names.Pointers, [&](const auto &Entry) {
    return Entry.first.startsWith(Result) && Entry.second.What == Value::PointsTo &&
           (Lock.startsWith(Entry.second.Path) || Lock.anyElement().startsWith(Entry.second.Path));
  });
}

} // namespace

SharedMap<AccessPath, Bounds> LockInterpreter::conditions(const LockState &State) {
  SharedMap<AccessPath, Bounds> Result = State.Entry;
  // What led here and is nothing that a caller gave, no caller can know: an error of a call.
  for (const auto &[Path, Known] : State.Values)
    if (Known.From != InvalidId && !State.Entry.count(Path) && !Path.isWholeCondition())
      Result.try_emplace(AccessPath(), Bounds());
  if (!isExplained(Block))
    Result.try_emplace(AccessPath(), Bounds());
  return Result;
}

bool LockInterpreter::isExplained(uint32_t Index) {
  auto [Known, IsNew] = Explained.try_emplace(Index, true);
  if (!IsNew)
    return Known->second;
  // The blocks from which the function is left without coming here.
  std::vector<std::vector<uint32_t>> Before(Function.Blocks.size());
  std::vector<bool> Avoids(Function.Blocks.size());
  std::vector<uint32_t> Work;
  for (uint32_t From = 0; From < Function.Blocks.size(); ++From) {
    const struct Block &B = Function.Blocks[From];
    for (const Edge &Way : B.Successors)
      if (From != Index && (Way.To != FunctionFacts::ExitBlock || B.Leaves == Leaving::Normally))
        Before[Way.To].push_back(From);
  }
  Work.push_back(FunctionFacts::ExitBlock);
  while (!Work.empty()) {
    uint32_t To = Work.back();
    Work.pop_back();
    for (uint32_t From : Before[To])
      if (!Avoids[From]) {
        Avoids[From] = true;
        Work.push_back(From);
      }
  }
  if (!Avoids[FunctionFacts::EntryBlock])
    return true;
  for (uint32_t From = 0; From < Function.Blocks.size(); ++From)
    for (const Edge &Way : Function.Blocks[From].Successors) {
      bool Decides = Avoids[From] && !Avoids[Way.To] && Way.To != FunctionFacts::ExitBlock &&
                     !In[From].empty();
      if (!Decides)
        continue;
      bool Says =
          llvm::any_of(Way.Events, [](const Event &E) { return E.Kind == EventKind::Judged; });
      if (!Says || !isExplained(From))
        return Explained[Index] = false;
    }
  return true;
}

void LockInterpreter::summarize() {
  for (const Exit &Way : Exits) {
    if (Way.isEarly())
      continue;
    LockSummary::Outcome Own;
    Result.TakesUnnamed |= Way.State.HoldsUnnamed;
    for (const auto &[Path, Fact] : Way.State.Locks) {
      if (isVisible(Path) || Path.isOfGuard()) {
        Own.Locks[Path] = Fact;
        continue;
      }
      // A caller has another name for it.
      if (AccessPath Some = Path.anyElement(); Path.isChosen() && isVisible(Some)) {
        bool IsIdle = Fact.State == LockFact::Free && !Fact.FromCaller;
        auto [Known, IsNew] = Own.Locks.try_emplace(Some, Fact);
        if (!IsNew && !IsIdle)
          Known->second = LockFact();
      }
      Result.TakesUnnamed |= Fact.State == LockFact::Held;
    }
    for (const auto &[Path, Guard] : Way.State.Guards)
      if (isVisible(Path) || Path.isGiven()) {
        Own.Guards[Path] = Guard;
      } else if (Path.root() == RootKind::Heap && Guard.Owns) {
        for (const AccessPath &Lock : Guard.Locks) // whoever has the object has the lock
          if (isVisible(Lock))
            Own.Locks[Lock] = LockFact();
      }
    // What is declared and cannot be seen in the body is believed, but nothing is built on it.
    for (const auto *Declared : {&Function.Acquires, &Function.Releases})
      for (const AnnotatedLock &Lock : *Declared)
        Own.Locks.try_emplace(Lock.Path);
    Own.Result = Way.State.valueOf({RootKind::Return, 0});
    Own.Conditions = Way.State.Entry;
    for (const AccessPath &Path : Way.State.Changed) {
      EntityId Subject = Path.subject();
      if (isVisible(Path) && (Subject == InvalidId || Flow.Deciding.count(Subject)))
        Own.Values[Path] = Way.State.valueOf(Path);
    }
    auto Same = llvm::find_if(Result.Outcomes, [&](const LockSummary::Outcome &Known) {
      return sameFacts(Known.Locks, Own.Locks) && Known.Guards == Own.Guards;
    });
    if (Same == Result.Outcomes.end()) {
      Result.Outcomes.push_back(std::move(Own));
      continue;
    }
    for (auto &[Path, Fact] : Same->Locks)
      Fact.IsNoProof |= Own.Locks[Path].IsNoProof;
    Same->Result.widen(Own.Result);
    Same->Conditions.intersect(Own.Conditions, widened);
    Same->Conditions.eraseIf([](const auto &Entry) { return Entry.second.isAnything(); });
    for (const auto &[Path, Range] : Own.Values)
      Same->Values.try_emplace(Path, Bounds());
    Same->Values.changeIf([](const AccessPath &, const Bounds &) { return true; },
                          [&](const AccessPath &Path, Bounds &Range) {
                            // What only one of the ways has set is as it was on the other.
                            auto Theirs = Own.Values.find(Path);
                            Range.widen(Theirs == Own.Values.end() ? Bounds() : Theirs->second);
                          });
  }
  if (Result.Outcomes.size() <= MaxOutcomes)
    return;
  LockSummary::Outcome Any;
  for (const LockSummary::Outcome &Each : Result.Outcomes) {
    for (const auto &[Path, Fact] : Each.Locks)
      Any.Locks[Path] = LockFact();
    for (const auto &[Path, Guard] : Each.Guards)
      for (const AccessPath &Lock : Guard.Locks)
        Any.Locks[Lock] = LockFact();
    for (const auto &[Path, Range] : Each.Values)
      Any.Values[Path] = Bounds();
  }
  Result.Outcomes = {std::move(Any)};
}

bool LockInterpreter::isTold(const Exit &Held, const Exit &Other) const {
  for (const auto &[Path, Known] : Held.State.Values) {
    // Of what the function was given a copy, the caller does not see what becomes of it.
    bool IsOwn = Path.isRootOnly() && Held.State.Changed.count(Path) > 0;
    bool IsSeen = (Path.root() == RootKind::Return && Path.rootId() == 0) ||
                  (Path.root() == RootKind::Parameter && !IsOwn) || isSharedMemory(Path);
    auto Theirs = Other.State.Values.find(Path);
    if (IsSeen && Theirs != Other.State.Values.end() && !Known.Range.meets(Theirs->second.Range))
      return true;
  }
  return false;
}

void LockInterpreter::judgeExits() {
  if (Function.IsMain || Function.ChangesLocksAsAnnotated)
    return;
  std::set<AccessPath> Locks;
  for (const Exit &Way : Exits)
    for (const auto &[Path, Fact] : Way.State.Locks)
      if (Fact.State == LockFact::Held && !Fact.FromCaller && !isGuarded(Way.State, Path) &&
          isStillMeant(Way.State, Path) && Path.isPrecise())
        Locks.insert(Path);
  IsRecording = true;
  for (const AccessPath &Lock : Locks)
    judgeExits(Lock);
  IsRecording = false;
}

void LockInterpreter::judgeExits(const AccessPath &Lock) {
  const Exit *GivesBack = nullptr;
  bool IsUnknown = false, SomeWithout = false, GivesCallers = false;
  auto FactOf = [&](const Exit &Way) { return look(Way.State, Lock); };
  for (const Exit &Way : Exits) {
    LockFact Fact = FactOf(Way);
    bool IsTouched = Way.State.Locks.count(Lock);
    IsUnknown |= IsTouched && Fact.State == LockFact::Unknown;
    bool IsFree = IsTouched && Fact.State == LockFact::Free && !Fact.FromCaller;
    SomeWithout |= !IsTouched || IsFree;
    GivesCallers |= IsTouched && Fact.State == LockFact::Free && Fact.FromCaller;
    if (IsFree && !Fact.TryFailed && !GivesBack && !Way.isEarly())
      GivesBack = &Way;
  }
  auto Entered = Flow.Entries.find(Id);
  for (const Exit &Way : Exits) {
    LockFact Fact = FactOf(Way);
    if (Fact.State != LockFact::Held || Fact.FromCaller || (Fact.Kind & Claimed) ||
        isGuarded(Way.State, Lock) || !isStillMeant(Way.State, Lock) ||
        (Way.How == Leaving::Throws && isLeftToDestructor(Fact)) ||
        (Way.How == Leaving::Jumps && isLeftToJumpTarget(Lock)) ||
        HandedOut.count({Way.State.Returns, Lock}) || isReturnedWith(Way.State, Lock))
      continue;
    LockFault F;
    F.Lock = Lock;
    F.Where = F.At = Way.Place;
    F.Throws = Way.How == Leaving::Throws;
    F.Jumps = Way.How == Leaving::Jumps;
    F.WasShared = Fact.Exclusive == 0;
    F.Before = Fact.Taken;
    F.BeforeCalls = Fact.Calls;
    F.Turn = Way.State.Turn;
    F.IsPartOut = PartOut.count({Way.State.Returns, Lock}) > 0;
    if (Entered != Flow.Entries.end()) {
      if (Way.isEarly() || Flow.isRobust(Lock))
        continue;
      F.What = LockFault::ThreadEnds;
      F.Spawn = Entered->second;
      report(std::move(F));
      continue;
    }
    if (!GivesBack) {
      // Taking it may be what the function is for; if it is, somebody gives the lock back.
      bool IsNamed = Lock.root() != RootKind::Local && Flow.isOurs(Lock);
      if (IsUnknown || Way.isEarly() || !IsNamed || Function.IsConstructor)
        continue;
      F.What = LockFault::NeverUnlocked;
      F.IsTold = SomeWithout;
      report(std::move(F));
      continue;
    }
    F.What = LockFault::LeftLocked;
    F.Elsewhere = FactOf(*GivesBack).Freed;
    if (!Way.isEarly()) {
      bool Tells = llvm::all_of(Exits, [&](const Exit &Other) {
        LockFact Theirs = FactOf(Other);
        bool IsWithout =
            Other.State.Locks.count(Lock) && Theirs.State == LockFact::Free && !Theirs.TryFailed;
        return Other.isEarly() || !IsWithout || isTold(Way, Other);
      });
      Bounds Answer = Way.State.valueOf({RootKind::Return, 0});
      bool IsFailure = Answer.High < 0 || Answer.Low > 1;
      EntityId Subject = Lock.subject();
      bool IsKept = Flow.isOurs(Lock) || (Subject != InvalidId && Unit.Entities[Subject].IsPrivate);
      bool ByResult = llvm::all_of(Exits, [&](const Exit &Other) {
        LockFact::Standing Theirs = FactOf(Other).State;
        bool IsLost = Theirs == LockFact::Unknown && Other.State.Locks.count(Lock);
        return Other.isEarly() || Theirs == LockFact::Held || IsLost ||
               !Answer.meets(Other.State.valueOf({RootKind::Return, 0}));
      });
      // It may take the lock or give it back, as its callers want: they are looked at themselves.
      if (Tells && GivesCallers)
        continue;
      F.IsTold = Tells && !(ByResult && IsFailure);
      F.ByResult = ByResult;
      // Nobody returns an error to say that a lock was taken; but others may well say "yes".
      if (Tells && ByResult && !IsFailure && !IsKept)
        continue;
    }
    report(std::move(F));
  }
}
