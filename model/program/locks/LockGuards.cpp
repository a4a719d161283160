// What guards do to the locks that they own.
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

using namespace heddle;

AccessPath LockInterpreter::guardedLock(const LockState &State, const Value &Given,
                                        uint64_t &Kind) const {
  AccessPath Object = State.Names.resolve(Given).pointee();
  // Taken as a whole, by a call that says so, it is given back as a whole.
  if (Given.Callee == InvalidId || !Object.isKnown() || State.Locks.count(Object))
    return Object;
  const LockSummary &Callee = Flow.Summaries[Given.Callee];
  if (!Callee.IsComputed || Callee.IsOpaque || Callee.Outcomes.size() != 1 ||
      Callee.Outcomes[0].Locks.size() != 1)
    return Object;
  const auto &[Lock, Fact] = *Callee.Outcomes[0].Locks.begin();
  Call C;
  C.Callee = Given.Callee;
  C.Slots = {Value::pointsTo(Object)};
  AccessPath Own = substitute(State, C, Lock);
  if (Fact.State != LockFact::Held || Fact.FromCaller || !Own.isKnown())
    return Object;
  Kind |= Fact.Kind;
  return Own;
}

bool LockInterpreter::makeGuard(LockState &State, const Event &E, States &Out) {
  AccessPath Path = State.resolve(E.Path);
  GuardFact Made;
  Made.Flags = E.Flags & (uint64_t(Shared) | Reentrant | ChosenKind | Lenient | Blind);
  if (!E.has(Deferred) && !E.Values.empty())
    State.dropShared(Block, State.Names.resolve(E.Values[0]).pointee());
  for (const Value &Lock : E.Values)
    Made.Locks.push_back(chosenLock(State, guardedLock(State, Lock, Made.Flags), E.Where));
  if (!Path.isKnown()) {
    for (const AccessPath &Lock : Made.Locks)
      State.lose(Lock);
    return true;
  }
  endGuard(State, Path, E.Where);
  if (E.has(Tried) && !E.has(Deferred)) {
    LockState Failed = State;
    Failed.Guards[Path] = Made;
    Out.push_back(std::move(Failed));
  }
  if (E.has(Deferred) || E.Values.empty()) {
    State.Guards[Path] = std::move(Made);
    return true;
  }
  Made.Owns = true;
  for (const AccessPath &Lock : Made.Locks) {
    if (!E.has(Adopted)) {
      LockFact Fact = look(State, Lock);
      bool WouldBlock = Fact.State == LockFact::Held && (Fact.Exclusive > 0 || !E.has(Shared));
      if (E.has(Tried) && WouldBlock && Flow.isPlain(Lock, Made.Flags | Fact.Kind))
        return false; // the attempt fails
      if (!acquire(State, Lock, Made.Flags | (E.Flags & Tried), E))
        return false;
      continue;
    }
    LockFact Fact = look(State, Lock);
    if (Lock.isKnown() && (!State.Locks.count(Lock) || !Fact.Calls.empty()))
      Flow.GivenBack.insert(Lock.subject());
    for (const CallStep &Step : Fact.Calls)
      Flow.GivenBackFor.insert(Step.Callee);
    if (!Lock.isKnown() || !Lock.isPrecise() || Fact.State == LockFact::Held)
      continue;
    if (Fact.State == LockFact::Ignored) {
      LockFault F;
      F.What = LockFault::UncheckedTry;
      F.Lock = Lock;
      F.Where = Fact.Taken;
      F.At = F.Before = E.Where;
      report(std::move(F));
    }
    LockFact &Held = State.Locks[Lock] = LockFact();
    Held.State = LockFact::Held;
    Held.FromCaller = true;
    (E.has(Shared) ? Held.Shared : Held.Exclusive) = 1;
    Held.Kind = Made.Flags & KindFlags;
    Held.Taken = E.Where;
  }
  State.Guards[Path] = std::move(Made);
  return true;
}

void LockInterpreter::reportGuard(const LockState &State, LockFault::Kind What,
                                  const std::pair<const AccessPath, GuardFact> &Guard,
                                  const Event &E) {
  LockFault F;
  F.What = What;
  F.Lock = Guard.first;
  F.OfGuard = true;
  F.Where = F.At = E.Where;
  F.Turn = State.Turn;
  for (const AccessPath &Lock : Guard.second.Locks)
    if (auto Known = State.Locks.find(Lock); Known != State.Locks.end()) {
      const LockFact &Fact = Known->second;
      bool IsHeld = What == LockFault::DoubleLock;
      F.Before = IsHeld ? Fact.Taken : Fact.Freed;
      F.TryFailed = !IsHeld && Fact.TryFailed;
      if (IsHeld)
        F.BeforeCalls = Fact.Calls;
    }
  report(std::move(F));
}

bool LockInterpreter::isGiven(const LockState &State, const AccessPath &Guard) const {
  bool IsOwnCopy = Guard.isRootOnly() && Guard.isGiven();
  return Guard.isKnown() && Guard.isPrecise() && (IsOwnCopy || isVisible(Guard)) &&
         !State.Guards.count(Guard);
}

void LockInterpreter::setGiven(LockState &State, const AccessPath &Guard, bool Owns) {
  AccessPath Lock = Guard.locksOfGuard();
  auto Known = State.Locks.find(Lock);
  if (Known == State.Locks.end()) {
    LockFact &Fact = State.Locks[Lock];
    Fact.State = Owns ? LockFact::Held : LockFact::Free;
    Fact.FromCaller = !Owns;
    Fact.Exclusive = Owns;
    return;
  }
  // What it does to a guard that it has found otherwise, it does not do.
  bool DidOwn = Known->second.State == LockFact::Held;
  if (Known->second.State != LockFact::Unknown && DidOwn != Owns)
    State.Locks.erase(Known); // as it was given
}

bool LockInterpreter::lockGuard(LockState &State, const AccessPath &Guard, const Event &E) {
  auto Known = State.Guards.find(Guard);
  if (Known == State.Guards.end()) {
    if (isGiven(State, Guard))
      setGiven(State, Guard, true);
    return true;
  }
  if (Known->second.Owns && (Known->second.Flags & Lenient))
    return true;
  if (Known->second.Owns && !(Known->second.Flags & Blind)) {
    reportGuard(State, LockFault::DoubleLock, *Known, E);
    return false;
  }
  std::vector<AccessPath> Locks = Known->second.Locks;
  uint64_t Flags = Known->second.Flags;
  for (const AccessPath &Lock : Locks)
    if (!acquire(State, Lock, Flags, E))
      return false;
  State.Guards[Guard].Owns = true;
  return true;
}

void LockInterpreter::unlockGuard(LockState &State, const AccessPath &Guard, const Event &E) {
  auto Known = State.Guards.find(Guard);
  if (Known == State.Guards.end()) {
    if (isGiven(State, Guard))
      setGiven(State, Guard, false);
    else if (!Guard.isKnown())
      loseSimilar(State, {});
    return;
  }
  if (!Known->second.Owns && (Known->second.Flags & Lenient))
    return;
  if (Known->second.Flags & Blind) {
    GuardFact &Fact = Known->second;
    Fact.Owns = false;
    for (const AccessPath &Lock : std::vector<AccessPath>(Fact.Locks))
      release(State, Lock, Fact.Flags | AnyMode, E);
    return;
  }
  if (!Known->second.Owns) {
    reportGuard(State, LockFault::NotHeld, *Known, E);
    return;
  }
  Known->second.Owns = false;
  for (const AccessPath &Lock : Known->second.Locks)
    giveBack(State, Lock, Known->second.Flags, E.Where);
}

void LockInterpreter::tryGuard(LockState &State, const Event &E, States &Out) {
  AccessPath Guard = State.resolve(E.Path);
  auto Known = State.Guards.find(Guard);
  State.dropShared(Block);
  if (Known == State.Guards.end() || E.has(ResultUnused) || E.Values.empty()) {
    if (Known != State.Guards.end()) {
      for (const AccessPath &Lock : Known->second.Locks)
        State.lose(Lock);
      State.Guards.erase(Guard);
    } else if (isGiven(State, Guard)) {
      Result.Lost.insert(Guard);
    }
    Out.push_back(std::move(State));
    return;
  }
  auto Answer = [&](LockState &To, bool Yes) {
    KnownValue Value;
    Value.Range = Bounds::truth(Yes, E.has(OnZero));
    To.assign(E.Values[0].Path, std::move(Value));
  };
  LockState Failed = State;
  Answer(Failed, false);
  Out.push_back(std::move(Failed));
  if (Known->second.Owns)
    return;
  std::vector<AccessPath> Locks = Known->second.Locks;
  uint64_t Flags = Known->second.Flags;
  for (const AccessPath &Lock : Locks) {
    LockFact Fact = look(State, Lock);
    if (Fact.State == LockFact::Held && Flow.isPlain(Lock, Flags | Fact.Kind) &&
        (Fact.Exclusive > 0 || !(Flags & Shared)))
      return; // it cannot succeed
    if (!acquire(State, Lock, Flags, E))
      return;
  }
  State.Guards[Guard].Owns = true;
  Answer(State, true);
  Out.push_back(std::move(State));
}

void LockInterpreter::endGuard(LockState &State, const AccessPath &Guard, SourceRange Where) {
  auto Known = State.Guards.find(Guard);
  if (Known == State.Guards.end())
    return;
  if (Known->second.Owns)
    for (const AccessPath &Lock : Known->second.Locks)
      giveBack(State, Lock, Known->second.Flags, Where);
  State.Guards.erase(Known);
}

void LockInterpreter::disownGuard(LockState &State, const AccessPath &Guard) {
  if (isGiven(State, Guard))
    Result.Lost.insert(Guard);
  State.Guards.erase(Guard);
}

void LockInterpreter::moveGuard(LockState &State, const Event &E) {
  if (E.Values[0].What != Value::Load)
    return;
  AccessPath From = State.resolve(E.Values[0].Path), To = State.resolve(E.Path);
  if (!From.isKnown() || From == To)
    return;
  // What stood there gives its locks back first.
  if (E.has(Replaces) && isGiven(State, To))
    setGiven(State, To, false);
  endGuard(State, To, E.Where);
  if (E.has(OfGuard) && isGiven(State, From)) {
    GuardFact &Given = State.Guards[From];
    Given.Locks = {From.locksOfGuard()};
    auto Known = State.Locks.find(Given.Locks[0]);
    Given.Owns = Known == State.Locks.end() || Known->second.State == LockFact::Held;
  }
  std::vector<std::pair<AccessPath, GuardFact>> Moved;
  for (auto Guard = State.Guards.begin(); Guard != State.Guards.end();) {
    if (!Guard->first.startsWith(From)) {
      ++Guard;
      continue;
    }
    Moved.emplace_back(Guard->first, std::move(Guard->second));
    Guard = State.Guards.erase(Guard);
  }
  for (auto &[Path, Guard] : Moved) {
    AccessPath New = To.isKnown() ? Path.rebased(To, From.steps().size()) : AccessPath();
    if (New.isKnown() && New.isPrecise()) {
      State.Guards[New] = std::move(Guard);
      continue;
    }
    for (const AccessPath &Lock : Guard.Locks)
      State.lose(Lock);
  }
  if (E.has(OfGuard))
    State.Guards[From] = GuardFact(); // empty by now
  // Pointers that the object holds come along.
  std::map<AccessPath, Value> Held;
  for (const auto &[Path, V] : State.Names.Pointers)
    if (Path.startsWith(From) && To.isKnown())
      Held[Path.rebased(To, From.steps().size())] = V;
  for (auto &[Path, V] : Held)
    if (Path.isKnown())
      State.Names.Pointers[Path] = V;
}

void LockInterpreter::applyGiven(LockState &State, const AccessPath &Guard, const LockFact &Left,
                                 const Event &E) {
  bool Owns = Left.State == LockFact::Held;
  auto Known = State.Guards.find(Guard);
  if (Known == State.Guards.end()) {
    if (isGiven(State, Guard) && Left.State == LockFact::Unknown)
      State.lose(Guard.locksOfGuard());
    else if (isGiven(State, Guard))
      setGiven(State, Guard, Owns);
    return;
  }
  if (Left.State == LockFact::Unknown || (Owns && !Known->second.Owns)) {
    for (const AccessPath &Lock : Known->second.Locks)
      State.lose(Lock);
    if (Left.State == LockFact::Unknown)
      State.Guards.erase(Known);
    else
      Known->second.Owns = true;
  } else if (!Owns && std::exchange(Known->second.Owns, false)) {
    for (const AccessPath &Lock : Known->second.Locks)
      giveBack(State, Lock, Known->second.Flags, E.Where);
  }
}

void LockInterpreter::applyGuards(LockState &State, const Call &C,
                                  const LockSummary::Outcome &Outcome, const Event &E) {
  std::vector<std::pair<AccessPath, std::optional<GuardFact>>> Left;
  for (const auto &[Path, Guard] : Outcome.Guards) {
    std::optional<GuardFact> Seen = Guard;
    std::vector<AccessPath> Locks;
    for (const AccessPath &Lock : Guard.Locks) {
      AccessPath Given = Lock.isOfGuard() ? substitute(State, C, Lock.guard()) : AccessPath();
      if (auto Known = State.Guards.find(Given); Known != State.Guards.end()) {
        Locks.insert(Locks.end(), Known->second.Locks.begin(), Known->second.Locks.end());
        Seen->Owns &= Known->second.Owns;
        Seen->Flags |= Known->second.Flags;
      } else if (isGiven(State, Given)) {
        Locks.push_back(Given.locksOfGuard());
      } else if (Lock.isOfGuard()) {
        Seen = std::nullopt;
        break;
      } else {
        Locks.push_back(substitute(State, C, Lock));
      }
    }
    if (Seen)
      Seen->Locks = std::move(Locks);
    // An object made there keeps its name.
    Left.emplace_back(Path.root() == RootKind::Heap ? Path : substitute(State, C, Path),
                      std::move(Seen));
  }
  for (const auto &[Path, Fact] : Outcome.Locks)
    if (Path.isOfGuard() && !(Fact.State == LockFact::Held && Fact.FromCaller))
      applyGiven(State, substitute(State, C, Path.guard()), Fact, E);
  for (auto &[Path, Guard] : Left) {
    if (!Guard) {
      State.Guards.erase(Path);
    } else if (Path.isKnown() && Path.isPrecise()) {
      State.Guards[Path] = std::move(*Guard);
    } else {
      for (const AccessPath &Lock : Guard->Locks)
        State.lose(Lock);
    }
  }
}
