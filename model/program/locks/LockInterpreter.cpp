#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

LockInterpreter::LockInterpreter(LockFlow &Flow, FunctionId Id)
    : Flow(Flow), Unit(Flow.Unit), Id(Id), Function(Flow.Unit.Functions[Id]),
      StartsFree(Function.IsMain || Flow.Entries.count(Id)) {}

LockWays LockInterpreter::run() {
  Result.IsComputed = true;
  if (Function.HasBody && !Function.Blocks.empty() && reachFixpoint() && !IsOpaque) {
    record();
    if (!IsOpaque) {
      summarize();
      judgeExits();
    }
  } else {
    IsOpaque = true;
  }
  if (IsOpaque) {
    Result = LockSummary();
    Result.IsComputed = Result.IsOpaque = Result.RunsUnknown = true;
    Result.Outcomes.emplace_back();
  }
  Flow.Summaries[Id] = std::move(Result);
  if (IsOpaque)
    return {};
  Ways.finish(Flow.Open);
  return std::move(Ways);
}

void LockInterpreter::apply(States &All, const Event &E) {
  States After;
  After.reserve(All.size());
  for (LockState &Each : All)
    applyToOne(Each, E, After);
  if (After.size() > MaxStates)
    IsOpaque = true;
  All = std::move(After);
}

void LockInterpreter::applyToOne(LockState &State, const Event &E, States &Out) {
  auto Resolved = [&] { return State.resolve(E.Path); };
  switch (E.Kind) {
  case EventKind::Acquire:
    if (AccessPath Lock = Resolved(); E.has(Given)) {
      if (Lock.isKnown() && look(State, Lock).State != LockFact::Held) {
        LockFact &Held = State.Locks[Lock] = LockFact();
        Held.State = LockFact::Held;
        Held.FromCaller = true;
        (E.has(Shared) ? Held.Shared : Held.Exclusive) = 1;
        Held.Kind = ChosenKind;
        Held.Taken = E.Where;
      }
    } else {
      State.dropShared(Block, Lock);
      Lock = chosenLock(State, Lock, E.Where);
      if (!acquire(State, Lock, E.Flags, E))
        return;
      State.lookBehindPointers(Lock);
      State.lookBehindPointers(E.Path); // also by the name of a copy
      if (!E.Values.empty() && Lock.isKnown()) {
        KnownValue Answer;
        Answer.Took = Lock;
        State.assign(E.Values[0].Path, std::move(Answer));
      }
    }
    break;
  case EventKind::Release:
    release(State, chosenLock(State, Resolved(), E.Where), E.Flags, E);
    break;
  case EventKind::TryLock:
    return tryLock(State, E, Out);
  case EventKind::GuardMake:
    if (!makeGuard(State, E, Out))
      return;
    break;
  case EventKind::GuardLock:
    State.dropShared(Block);
    if (!lockGuard(State, Resolved(), E))
      return;
    break;
  case EventKind::GuardUnlock:
    unlockGuard(State, Resolved(), E);
    break;
  case EventKind::GuardDisown:
    disownGuard(State, Resolved());
    break;
  case EventKind::GuardTry:
    return tryGuard(State, E, Out);
  case EventKind::GuardAsk:
    if (auto Guard = State.Guards.find(Resolved()); Guard != State.Guards.end()) {
      KnownValue Answer;
      Answer.Range = Bounds::truth(Guard->second.Owns, E.has(OnZero));
      State.assign(E.Values[0].Path, std::move(Answer));
    }
    break;
  case EventKind::Destroy:
    if (E.has(Primitive))
      break;
    if (AccessPath Gone = Resolved(); E.has(OfGuard) && isGiven(State, Gone))
      setGiven(State, Gone, false);
    else
      endGuard(State, Gone, E.Where);
    break;
  case EventKind::Move:
    moveGuard(State, E);
    break;
  case EventKind::Store:
    if (E.has(Inserts))
      break; // which element it is, nobody can say
    State.store(Resolved(), State.Names.resolve(E.Values[0]));
    loseTouched(State, E.Values[0]);
    break;
  case EventKind::Fresh:
    State.fresh(E.Path);
    break;
  case EventKind::Judged:
    State.assign(Function.Judgements[E.Values[0].Number]);
    break;
  case EventKind::Wait:
    State.dropShared(Block);
    break;
  case EventKind::Write:
    // What is destroyed or freed while it is locked is another rule's affair.
    if (E.has(Ends))
      if (AccessPath Gone = Resolved(); Gone.isKnown())
        for (auto &[Path, Fact] : State.Locks)
          if (Path.startsWith(Gone))
            Fact = LockFact();
    break;
  case EventKind::Escape:
    State.expose(Resolved());
    break;
  case EventKind::Return:
    State.Returns = E.Where;
    noteHandedOut(State, E);
    break;
  case EventKind::ThreadExit:
    reportHeld(State, LockFault::ThreadEnds, E);
    return;
  case EventKind::NoneHeld:
    reportHeld(State, LockFault::DeniedHeld, E);
    break;
  case EventKind::Call:
    // By which subscript a callee takes or gives back elements is its own affair.
    if (!Flow.Summaries[E.Callee].isIdle())
      std::erase_if(State.Locks, [&](const auto &Entry) {
        bool IsChosen = Entry.first.isChosen();
        State.HoldsUnnamed |= IsChosen && Entry.second.State != LockFact::Free;
        return IsChosen;
      });
    return applyCall(State, bindDirect(State, E), E, Out);
  case EventKind::CallValue:
    return applyCall(State, bindValue(State, E), E, Out);
  case EventKind::UnknownCall:
    applyUnknown(State, E);
    break;
  case EventKind::Spawn:
  case EventKind::Join:
    State.dropSetInClosures();
    break;
  default:
    break;
  }
  Out.push_back(std::move(State));
}

LockFact LockInterpreter::look(const LockState &State, const AccessPath &Lock) const {
  if (auto Known = State.Locks.find(Lock); Known != State.Locks.end())
    return Known->second;
  LockFact Fact;
  if (Lock.isChosen() || Lock.isOfGuard()) // it may have been taken by another subscript
    return Fact;
  bool IsOwn = Lock.root() == RootKind::Local && Lock.derefs() == 0 &&
               !State.Exposed.count(AccessPath(Lock.root(), Lock.rootId()));
  // What is reached by pointers may have been taken by another name.
  bool IsNamed = Lock.root() == RootKind::Global
                     ? Lock.derefs() == 0
                     : isVisible(Lock) && Lock.root() != RootKind::Return && Lock.derefs() == 1;
  bool IsFree = IsOwn || (StartsFree && IsNamed && !State.HoldsUnnamed &&
                          (!State.Blurred || Flow.isOurs(Lock)));
  if (IsFree)
    Fact.State = LockFact::Free;
  return Fact;
}

bool LockInterpreter::mayBeSame(const AccessPath &A, const AccessPath &B) {
  if (A == B)
    return false;
  if (A.startsWith(B) || B.startsWith(A))
    return true;
  bool IsReached = A.derefs() > 0 || B.derefs() > 0 || !A.isPrecise() || !B.isPrecise() ||
                   A.isChosen() || B.isChosen();
  if (!IsReached)
    return false;
  auto IsPointee = [](const AccessPath &P) {
    return !P.steps().empty() && P.steps().back().What != PathStep::Field;
  };
  return A.subject() == B.subject() || IsPointee(A) || IsPointee(B);
}

bool LockInterpreter::loseSimilar(LockState &State, const AccessPath &Lock) {
  bool Any = false;
  for (auto &[Path, Fact] : State.Locks)
    if (!Lock.isKnown() || mayBeSame(Path, Lock)) {
      Any |= Fact.State == LockFact::Held && !Fact.FromCaller;
      Fact = LockFact();
    }
  return Any;
}

void LockInterpreter::touch(const LockState &State, const AccessPath &Lock, uint64_t Flags,
                            SourceRange Where) {
  // It may be what a guard that was given has given back.
  if (Lock.isOfGuard() || llvm::any_of(State.Locks, [](const auto &Entry) {
        return Entry.first.isOfGuard() && Entry.second.State != LockFact::Held;
      }))
    return;
  if (!IsRecording || !isVisible(Lock) || State.Locks.count(Lock) ||
      Result.Touches.size() >= MaxTouches)
    return;
  Result.Touches.push_back({Lock, Flags, Where, {}, conditions(State)});
}

bool LockInterpreter::acquire(LockState &State, const AccessPath &Lock, uint64_t Flags,
                              const Event &E) {
  if (!Lock.isKnown() || !Lock.isPrecise()) {
    State.HoldsUnnamed = true;
    if (Lock.isKnown())
      loseSimilar(State, Lock);
    return true;
  }
  if (!(Flags & Tried)) // who only tries waits for nobody
    touch(State, Lock, Flags, E.Where);
  bool IsShared = Flags & Shared;
  LockFact Fact = look(State, Lock);
  if (Fact.State == LockFact::Held && (Fact.Kind & Claimed)) {
    State.lose(Lock); // somebody else has given it back meanwhile: it is handed over
    return true;
  }
  if (Fact.State == LockFact::Held && (Fact.Exclusive > 0 || !IsShared)) {
    bool IsSure = Flow.isPlain(Lock, Flags | Fact.Kind);
    if (IsSure && (!Fact.Blurred || Flow.isOurs(Lock))) {
      LockFault F;
      F.What = LockFault::DoubleLock;
      F.Lock = Lock;
      F.Where = F.At = E.Where;
      F.IsShared = IsShared;
      F.WasShared = Fact.Exclusive == 0;
      F.WasGiven = isDeclaredHeld(Fact);
      F.Before = Fact.Taken;
      F.BeforeCalls = Fact.Calls;
      F.Turn = State.Turn;
      report(std::move(F));
      return false; // the thread gets no further
    }
    if (IsSure) {
      State.lose(Lock);
      return true;
    }
  }
  uint8_t &Count = IsShared ? Fact.Shared : Fact.Exclusive;
  if (Fact.State != LockFact::Held) {
    bool WasUnknown = Fact.State == LockFact::Unknown && State.Locks.count(Lock);
    if (WasUnknown && !Flow.isPlain(Lock, Flags)) {
      State.lose(Lock);
      return true;
    }
    // Given back and taken again, it is the caller's as before.
    bool IsCallers = Fact.State == LockFact::Free && Fact.FromCaller;
    Fact = LockFact();
    Fact.State = LockFact::Held;
    Fact.FromCaller = IsCallers;
    Fact.Kind = Flags & KindFlags;
    Fact.IsNoProof = IsShared || (Flags & Tried);
  }
  if (++Count > 3) {
    State.lose(Lock);
    return true;
  }
  Fact.Taken = E.Where;
  Fact.Calls.clear();
  Fact.Blurred = false;
  State.Locks[Lock] = std::move(Fact);
  return true;
}

void LockInterpreter::giveBack(LockState &State, const AccessPath &Lock, uint64_t Flags,
                               SourceRange Where) {
  if (Lock.isOfGuard())
    return setGiven(State, Lock.guard(), false);
  auto Known = State.Locks.find(Lock);
  if (Known == State.Locks.end() || Known->second.State != LockFact::Held)
    return;
  LockFact &Fact = Known->second;
  bool FromShared = Fact.Exclusive == 0 || ((Flags & Shared) && Fact.Shared > 0);
  --(FromShared ? Fact.Shared : Fact.Exclusive);
  if (Fact.Exclusive + Fact.Shared > 0)
    return;
  Fact.State = LockFact::Free;
  Fact.Freed = Where;
  Fact.Calls.clear();
}

void LockInterpreter::release(LockState &State, const AccessPath &Lock, uint64_t Flags,
                              const Event &E, const LockFact *Through) {
  // What callees took may be what is given back here, by another name.
  for (const auto &[Path, Held] : State.Locks)
    if (Held.State == LockFact::Held && (!Lock.isKnown() || mayBeSame(Path, Lock)))
      for (const CallStep &Step : Held.Calls)
        Flow.GivenBackFor.insert(Step.Callee);
  if (!Lock.isKnown() || !Lock.isPrecise()) {
    loseSimilar(State, Lock);
    if (Lock.isKnown())
      Flow.GivenBack.insert(Lock.subject());
    return;
  }
  LockFact Fact = look(State, Lock);
  bool IsTouched = State.Locks.count(Lock);
  LockFault F;
  F.Lock = Lock;
  F.Where = E.Where;
  F.At = Through ? Through->Freed : E.Where;
  F.IsShared = Flags & Shared;
  F.Turn = State.Turn;
  if (Through)
    F.Calls = Through->Calls;
  switch (Fact.State) {
  case LockFact::Unknown:
    Flow.GivenBack.insert(Lock.subject());
    if (IsTouched || loseSimilar(State, Lock)) {
      State.lose(Lock);
      return;
    }
    Fact.State = LockFact::Free;
    Fact.FromCaller = true;
    Fact.Kind = Flags & KindFlags;
    Fact.Freed = E.Where;
    State.Locks[Lock] = Fact;
    return;
  case LockFact::Ignored:
    F.What = LockFault::UncheckedTry;
    std::swap(F.Where, F.Before);
    F.Where = Fact.Taken;
    F.Before = E.Where;
    report(std::move(F));
    break;
  case LockFact::Free:
    if (loseSimilar(State, Lock) || (Fact.Blurred && !Flow.isOurs(Lock)) || (Flags & Claimed) ||
        (Fact.FromCaller && !Flow.isPlain(Lock, Flags | Fact.Kind))) {
      State.lose(Lock);
      return;
    }
    F.What = LockFault::NotHeld;
    F.WasGiven = !IsTouched;
    F.TryFailed = Fact.TryFailed;
    F.Before = Fact.Freed;
    F.BeforeCalls = Fact.Calls;
    report(std::move(F));
    break;
  case LockFact::Held: {
    for (const CallStep &Step : Fact.Calls)
      Flow.GivenBackFor.insert(Step.Callee);
    bool IsWrong =
        !(Flags & AnyMode) && ((Flags & Shared) ? Fact.Shared == 0 : Fact.Exclusive == 0);
    if (IsWrong) {
      F.What = LockFault::WrongMode;
      F.WasShared = Fact.Exclusive == 0;
      F.Before = Fact.Taken;
      F.BeforeCalls = Fact.Calls;
      report(std::move(F));
    }
    giveBack(State, Lock, Flags, E.Where);
    if (Through)
      State.Locks[Lock].Calls = Through->Calls;
    return;
  }
  }
  LockFact &Now = State.Locks[Lock] = LockFact();
  Now.State = LockFact::Free;
  Now.Freed = E.Where;
}

bool LockInterpreter::tryTogether(LockState &State, const Event &E, States &Out) {
  std::vector<AccessPath> Locks{State.resolve(E.Path)};
  for (const Value &Other : llvm::drop_begin(E.Values))
    Locks.push_back(State.Names.resolve(Other).pointee());
  bool AreKnown = llvm::all_of(Locks, [&](const AccessPath &Lock) {
    return Lock.isKnown() && Lock.isPrecise() && look(State, Lock).State != LockFact::Held;
  });
  if (!AreKnown || E.has(ResultUnused))
    return false;
  LockState Taken = State;
  KnownValue Answer;
  // All of them, or the position of the one that was not got.
  Answer.Range = Bounds::exactly(-1);
  Taken.assign(E.Values[0].Path, Answer);
  Answer.Range = Bounds::between(0, Bounds::Most);
  State.assign(E.Values[0].Path, Answer);
  for (const AccessPath &Lock : Locks) {
    bool IsLost = State.Locks.count(Lock) && look(State, Lock).State == LockFact::Unknown;
    LockFact &Held = Taken.Locks[Lock] = LockFact();
    Held.State = LockFact::Held;
    Held.Exclusive = 1;
    Held.Kind = E.Flags & KindFlags;
    Held.Taken = E.Where;
    if (IsLost)
      continue;
    LockFact &Free = State.Locks[Lock] = LockFact();
    Free.State = LockFact::Free;
    Free.TryFailed = true;
    Free.Freed = E.Where;
  }
  Out.push_back(std::move(Taken));
  Out.push_back(std::move(State));
  return true;
}

void LockInterpreter::tryLock(LockState &State, const Event &E, States &Out) {
  State.dropShared(Block);
  if (E.has(Together)) {
    if (tryTogether(State, E, Out))
      return;
    for (const Value &Other : llvm::drop_begin(E.Values)) {
      Event Single = E;
      Single.Path = Other.pointee();
      Single.Values.clear();
      Single.Flags &= ~uint64_t(Together);
      States After;
      tryLock(State, Single, After);
      State = std::move(After.front());
    }
    Event First = E;
    First.Values.clear();
    First.Flags &= ~uint64_t(Together);
    return tryLock(State, First, Out);
  }
  AccessPath Lock = chosenLock(State, State.resolve(E.Path), E.Where);
  if (!Lock.isKnown() || !Lock.isPrecise() || E.Values.empty()) {
    // One of several that are tried at once, by itself or by a guard: it may be held from here on.
    std::vector<AccessPath> Tried;
    if (auto Guard = State.Guards.find(Lock); Guard != State.Guards.end()) {
      Tried = Guard->second.Locks;
      State.Guards.erase(Guard);
    } else if (Lock.isKnown() && Lock.isPrecise()) {
      Tried = {Lock};
    }
    for (const AccessPath &Each : Tried) {
      State.lose(Each);
      if (Each.isKnown())
        State.Locks[Each].IsInDoubt = true;
    }
    loseSimilar(State, Lock);
    State.HoldsUnnamed = true;
    Out.push_back(std::move(State));
    return;
  }
  LockFact Fact = look(State, Lock);
  if (Fact.State == LockFact::Held && (Fact.Kind & Claimed)) {
    State.lose(Lock);
    Fact = look(State, Lock);
  }
  bool IsShared = E.has(Shared), IsHeld = Fact.State == LockFact::Held;
  bool IsPlain = Flow.isPlain(Lock, E.Flags | Fact.Kind);
  auto Answer = [&](LockState &To, bool Yes) {
    KnownValue Known;
    Known.Range = Bounds::truth(Yes, E.has(OnZero));
    To.assign(E.Values[0].Path, std::move(Known));
  };
  if (E.has(ResultUnused)) {
    if (!IsHeld && Fact.State != LockFact::Ignored) {
      bool IsLost = Fact.State == LockFact::Unknown && State.Locks.count(Lock);
      LockFact &Now = State.Locks[Lock] = LockFact();
      Now.State = IsLost ? LockFact::Unknown : LockFact::Ignored;
      Now.Taken = E.Where;
    } else if (IsHeld && !IsPlain) {
      State.lose(Lock);
    }
    Out.push_back(std::move(State));
    return;
  }
  bool CanSucceed = !IsHeld || !IsPlain || (Fact.Exclusive == 0 && IsShared);
  if (CanSucceed) {
    LockState Taken = State;
    LockFact Held = Fact;
    if (!IsHeld) {
      Held = LockFact();
      Held.State = LockFact::Held;
      Held.Kind = E.Flags & KindFlags;
      Held.IsNoProof = true;
    }
    Held.Taken = E.Where;
    Held.Calls.clear();
    ++(IsShared ? Held.Shared : Held.Exclusive);
    if (Held.Exclusive > 3 || Held.Shared > 3)
      Held = LockFact();
    Taken.Locks[Lock] = std::move(Held);
    Answer(Taken, true);
    Out.push_back(std::move(Taken));
  }
  bool IsLost = Fact.State == LockFact::Unknown && State.Locks.count(Lock);
  if (!IsHeld && !IsLost) {
    LockFact &Now = State.Locks[Lock] = LockFact();
    Now.State = LockFact::Free;
    Now.TryFailed = true;
    Now.Freed = E.Where;
  }
  Answer(State, false);
  Out.push_back(std::move(State));
}

void LockInterpreter::report(LockFault Fault) {
  if (!IsRecording || Fault.Lock.isOfGuard())
    return;
  Fault.In = Id;
  if (Function.IsExemptFromAnnotations)
    return;
  if (Reported.emplace(Fault.What, Fault.Where, Fault.Lock).second)
    Flow.Faults.push_back(std::move(Fault));
}

void LockInterpreter::reportHeld(const LockState &State, LockFault::Kind What, const Event &E) {
  for (const auto &[Path, Fact] : State.Locks) {
    if (Fact.State != LockFact::Held || Fact.Blurred || (Fact.Kind & Claimed) ||
        !Path.isPrecise() || (What == LockFault::ThreadEnds && Flow.isRobust(Path)))
      continue;
    LockFault F;
    F.What = What;
    F.Lock = Path;
    F.Where = F.At = E.Where;
    F.WasShared = Fact.Exclusive == 0;
    F.WasGiven = isDeclaredHeld(Fact);
    F.Before = Fact.Taken;
    F.BeforeCalls = Fact.Calls;
    F.Turn = State.Turn;
    if (auto Entered = Flow.Entries.find(Id); Entered != Flow.Entries.end())
      F.Spawn = Entered->second;
    report(std::move(F));
  }
}

bool LockInterpreter::isVisible(const AccessPath &Path) const {
  if (Path.isChosen())
    return false;
  switch (Path.root()) {
  case RootKind::Global:
    return true;
  case RootKind::Return:
    return Path.rootId() == 0;
  case RootKind::Parameter:
  case RootKind::Capture:
    return Path.derefs() > 0;
  default:
    return false;
  }
}
