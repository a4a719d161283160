// What a function does to the locks of its callers, also where only its result tells; and which of
// its threads the result is about.
#include "model/program/interpreter/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

void FunctionInterpreter::noteWorkUnderLocalLocks(const AbstractState &State, const Event &E) {
  bool IsAccess =
      E.Kind == EventKind::Read || E.Kind == EventKind::Write || E.Kind == EventKind::Update;
  bool IsCall = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue ||
                E.Kind == EventKind::UnknownCall || E.Kind == EventKind::Send ||
                E.Kind == EventKind::Receive;
  if (!IsCall && !(IsAccess && !E.has(Usage) && isVisibleOutside(State.resolve(E.Path))))
    return;
  for (const HeldLock &Lock : State.Held) {
    bool IsOwn =
        Lock.Path.root() == RootKind::Local ||
        (Lock.Path.root() == RootKind::Global && Unit.Entities[Lock.Path.rootId()].IsThreadLocal);
    if (IsOwn && Lock.Path.isRootOnly())
      Program.WorkingLocks.insert({Id, Lock.Path.rootId()});
  }
}

void FunctionInterpreter::noteOutcome(const AbstractState &State, const Value &Returned) {
  const Value Known = State.resolve(Returned);
  bool IsNumber = Known.What == Value::Constant;
  bool IsZero = (Known.What == Value::Null || IsNumber) && Known.Number == 0;
  bool IsOther = Known.What == Value::PointsTo || Known.isCallable() || (IsNumber && !IsZero);
  for (unsigned Outcome : {0u, 1u}) {
    if (Outcome == 0 ? IsOther : IsZero)
      continue;
    if (!LiveOn[Outcome])
      LiveOn[Outcome].emplace();
    for (const auto &[Run, Thread] : State.Live)
      LiveOn[Outcome]->insert(Run);
    if (!HeldOn[Outcome]) {
      HeldOn[Outcome] = State.certainlyHeld();
      continue;
    }
    std::erase_if(*HeldOn[Outcome], [&](const HeldLock &Lock) {
      return std::find(State.Held.begin(), State.Held.end(), Lock) == State.Held.end();
    });
  }
}

void FunctionInterpreter::summarizeLocks(const AbstractState &Exit) {
  std::vector<HeldLock> Held = Exit.Held;
  Ways.correctAtEntry(FunctionFacts::ExitBlock, Held);
  for (const HeldLock &Lock : Held)
    if (!Lock.IsGiven && !Lock.IsConditional &&
        (isVisibleOutside(Lock.Path) || !Lock.Path.isKnown()))
      Result.Acquired.push_back(Lock);
  for (const AccessPath &Lock : Exit.Released)
    if ((isVisibleOutside(Lock) || Lock.isOfGuard() || !Lock.isKnown()) &&
        !Ways.isLeftToCaller(Lock))
      Result.Released.insert(Lock);
  // A body that touches no lock, or not where it can be seen, is believed to do what it declares.
  if (Result.Acquired.empty() && Result.Released.empty()) {
    for (const AnnotatedLock &Lock : Function.Acquires)
      Result.Acquired.push_back({Lock.Path, Lock.IsShared, Function.NameRange});
    for (const AnnotatedLock &Lock : Function.Releases)
      Result.Released.insert(Lock.Path);
  }
  for (unsigned Outcome : {0u, 1u})
    for (const HeldLock &Lock : HeldOn[Outcome].value_or(std::vector<HeldLock>()))
      if (!Lock.IsGiven && isVisibleOutside(Lock.Path) &&
          std::find(Result.Acquired.begin(), Result.Acquired.end(), Lock) == Result.Acquired.end())
        Result.AcquiredIf[Outcome].push_back(Lock);
}

void FunctionInterpreter::applyCallOutcome(AbstractState &State, const Event &E) {
  const Summary &Callee = Program.Summaries[E.Callee];
  if (!Callee.IsComputed)
    return;
  const unsigned Outcome = E.has(OnZero) ? 0 : 1;
  for (const HeldLock &Lock : Callee.AcquiredIf[Outcome])
    State.acquire(substitute(State, bindDirect(State, E), Lock.Path), Lock.IsShared, E.Where,
                  Lock.IsInferred);
  State.Live.eraseIf([&](const auto &Entry) {
    const ThreadRun &Run = Runs[Entry.first];
    return !Run.MayRunOn[Outcome] && !Run.Origin->Parent && !Run.Origin->Calls.empty() &&
           Run.Origin->Calls.front().Where == E.Where;
  });
}

HeldLock FunctionInterpreter::guardedLock(const AbstractState &State, const Value &Given) const {
  HeldLock Object{State.resolve(Given).pointee(), false, {}};
  // Taken as a whole, by a call that says so, it is given back as a whole.
  if (Given.Callee == InvalidId || !Object.Path.isKnown() || State.holds(Object.Path))
    return Object;
  const Summary &Callee = Program.Summaries[Given.Callee];
  if (!Callee.IsComputed || Callee.Acquired.size() != 1 || !Callee.Released.empty())
    return Object;
  Binding Call;
  Call.Callee = Given.Callee;
  Call.Slots = {Value::pointsTo(Object.Path)};
  HeldLock Own = Callee.Acquired.front();
  Own.Path = substitute(State, Call, Own.Path);
  return Own.Path.isKnown() ? Own : Object;
}

std::vector<AccessPath> FunctionInterpreter::locksOfGuard(const AbstractState &State,
                                                          const Binding &Call,
                                                          const AccessPath &Lock) const {
  AccessPath Guard = substituteHandle(State, Call, Lock.guard());
  if (auto Known = State.Guards.find(Guard); Known != State.Guards.end())
    return Known->second.Locks;
  if (isGivenGuard(Guard))
    return {Guard.locksOfGuard()};
  return {};
}

void FunctionInterpreter::applyGuardsLeft(AbstractState &State, const Summary &Callee,
                                          const Binding &Call) {
  std::vector<std::pair<AccessPath, GuardState>> Left;
  for (const auto &[Path, Guard] : Callee.Guards) {
    AccessPath Where = substituteHandle(State, Call, Path);
    if (!Where.isKnown())
      continue;
    GuardState Seen = Guard;
    Seen.Locks.clear();
    for (const AccessPath &Lock : Guard.Locks) {
      if (!Lock.isOfGuard()) {
        Seen.Locks.push_back(substitute(State, Call, Lock));
        continue;
      }
      auto Known = State.Guards.find(substituteHandle(State, Call, Lock.guard()));
      if (Known != State.Guards.end() && Seen.Owns != GuardState::No) {
        Seen.Owns = Known->second.Owns;
        Seen.IsShared = Known->second.IsShared;
        Seen.IsInferred = Known->second.IsInferred;
      }
      for (const AccessPath &Own : locksOfGuard(State, Call, Lock))
        Seen.Locks.push_back(Own);
    }
    Left.emplace_back(Where, std::move(Seen));
  }
  for (const AccessPath &Lock : Callee.Released) {
    if (!Lock.isOfGuard()) {
      if (AccessPath Here = substituteHandle(State, Call, Lock); Here.isKnown())
        State.release(Here);
      continue;
    }
    AccessPath Guard = substituteHandle(State, Call, Lock.guard());
    if (State.Guards.count(Guard) || isGivenGuard(Guard)) {
      noteGuardReleased(State, Guard);
      State.unlockGuard(Guard, isGivenGuard(Guard), /*Forget=*/false);
    }
  }
  for (auto &[Where, Guard] : Left)
    State.Guards[Where] = std::move(Guard);
}
