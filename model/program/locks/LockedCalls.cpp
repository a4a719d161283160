// Callables that a function calls while it holds locks (a `with_lock`, a visitor): who knows what
// is called sees which of the locks that takes once more.
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static void addHeld(const LockState &State, std::map<AccessPath, LockFact> &Held) {
  for (const auto &[Lock, Fact] : State.Locks)
    if (Fact.State == LockFact::Held && !(Fact.Kind & Claimed) && Lock.isKnown() &&
        Lock.isPrecise() && !Lock.isOfGuard())
      Held.try_emplace(Lock, Fact);
}

LockInterpreter::Happens
LockInterpreter::happens(const LockState &State, const Call &C,
                         const SharedMap<AccessPath, Bounds> &Conditions) const {
  Happens Result = Happens::Surely;
  for (const auto &[Path, Wanted] : Conditions) {
    AccessPath Here;
    std::optional<Bounds> Known = given(State, C, Path, Here);
    if (Known && Known->implies(Wanted))
      continue;
    if (Known && !Known->meets(Wanted))
      return Happens::Never;
    Result = Happens::Perhaps;
  }
  return Result;
}

void LockInterpreter::noteLockedCall(const LockState &State, const Event &E) {
  if (!IsRecording || E.Kind != EventKind::CallValue || Result.LockedCalls.size() >= MaxLockedCalls)
    return;
  LockedCall Own;
  Own.Callable = State.Names.resolve(E.Values[0]);
  if (!Own.Callable.isGiven())
    return;
  addHeld(State, Own.Held);
  if (Own.Held.empty())
    return;
  for (size_t I = 1; I < E.Values.size(); ++I)
    Own.Arguments.push_back(State.Names.resolve(E.Values[I]));
  Own.Where = E.Where;
  Own.Conditions = conditions(State);
  Result.LockedCalls.push_back(std::move(Own));
}

bool LockInterpreter::runLocked(const LockState &State, const Call &C, const LockedCall &Later,
                                const Call &Inner, const Event &E) {
  // What a closure finds out that is called nowhere else, it finds out while the lock is held.
  auto Handed = Flow.HandedAt.find(Inner.Callee);
  bool IsOnlyHere = Unit.Functions[Inner.Callee].IsLambda && Handed != Flow.HandedAt.end() &&
                    Handed->second.size() == 1 && *Handed->second.begin() == E.Where;
  for (const LockTouch &T : Flow.Summaries[Inner.Callee].Touches) {
    AccessPath Lock = substitute(State, Inner, T.Lock);
    if (!Lock.isKnown() || !Lock.isPrecise() || Lock.root() == RootKind::Return)
      continue;
    Happens How = happens(State, Inner, T.Conditions);
    if (How == Happens::Never || (How == Happens::Perhaps && !IsOnlyHere))
      continue;
    bool IsShared = T.Flags & Shared;
    for (const auto &[Path, Fact] : Later.Held) {
      bool IsAgain = substitute(State, C, Path) == Lock && (Fact.Exclusive > 0 || !IsShared) &&
                     Flow.isPlain(Lock, T.Flags | Fact.Kind) &&
                     (!Fact.Blurred || Flow.isOurs(Lock));
      if (!IsAgain)
        continue;
      LockFault F;
      F.What = LockFault::DoubleLock;
      F.Lock = Lock;
      F.Where = F.Before = E.Where;
      F.Calls.push_back({E.Where, C.Callee});
      F.BeforeCalls = F.Calls;
      F.Calls.insert(F.Calls.end(), Later.Calls.begin(), Later.Calls.end());
      F.Calls.push_back({Later.Where, Inner.Callee});
      F.Calls.insert(F.Calls.end(), T.Calls.begin(), T.Calls.end());
      F.At = T.Where;
      F.BeforeCalls.insert(F.BeforeCalls.end(), Fact.Calls.begin(), Fact.Calls.end());
      F.WithinCall = true;
      F.IsShared = IsShared;
      F.WasShared = Fact.Exclusive == 0;
      F.Turn = State.Turn;
      report(std::move(F));
      return How == Happens::Perhaps;
    }
  }
  return true;
}

bool LockInterpreter::applyLockedCalls(const LockState &State, const Call &C, const Event &E) {
  for (const LockedCall &Later : Flow.Summaries[C.Callee].LockedCalls) {
    Value Target = substitute(State, C, Later.Callable);
    Happens How = happens(State, C, Later.Conditions);
    if (How == Happens::Never)
      continue;
    std::vector<Value> Arguments;
    for (const Value &Argument : Later.Arguments)
      Arguments.push_back(substitute(State, C, Argument));
    Call Inner{bindCallable(Unit, Target, Arguments), {}};
    if (Inner.Callee != InvalidId) {
      if (How == Happens::Surely && !runLocked(State, C, Later, Inner, E))
        return false;
      continue;
    }
    if (!IsRecording || !Target.isGiven() || Result.LockedCalls.size() >= MaxLockedCalls)
      continue;
    LockedCall Own;
    Own.Callable = Target;
    Own.Arguments = std::move(Arguments);
    addHeld(State, Own.Held);
    for (const auto &[Path, Fact] : Later.Held)
      if (AccessPath Lock = substitute(State, C, Path); Lock.isKnown()) {
        LockFact Through = Fact;
        Through.Taken = E.Where;
        Through.Calls.insert(Through.Calls.begin(), {E.Where, C.Callee});
        Own.Held.try_emplace(Lock, std::move(Through));
      }
    Own.Where = Later.Where;
    Own.Calls = Later.Calls;
    Own.Calls.insert(Own.Calls.begin(), {E.Where, C.Callee});
    Own.Conditions = conditions(State);
    if (How == Happens::Perhaps)
      Own.Conditions.try_emplace(AccessPath(), Bounds());
    Result.LockedCalls.push_back(std::move(Own));
  }
  return true;
}
