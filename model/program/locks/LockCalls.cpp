// What calls do to locks: callees' outcomes in the caller's terms.
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// What a call of a function does to a lock, on some of its ways.
struct Effect {
  enum Kind : uint8_t { None, Takes, GivesBack, Unclear } What = None;
  uint8_t Exclusive = 0, Shared = 0;

  Effect(const LockSummary::Outcome &Way, const AccessPath &Lock) {
    auto Known = Way.Locks.find(Lock);
    if (Known == Way.Locks.end())
      return;
    const LockFact &Fact = Known->second;
    if (Fact.State == LockFact::Unknown || Fact.State == LockFact::Ignored)
      What = Unclear;
    else if (Fact.FromCaller == (Fact.State == LockFact::Free))
      What = Fact.FromCaller ? GivesBack : Takes;
    if (What == Takes) {
      Exclusive = Fact.Exclusive;
      Shared = Fact.Shared;
    }
  }
  bool isAny() const { return What != None; }
  bool differs(const Effect &Other) const {
    return What != Unclear && Other.What != Unclear &&
           (What != Other.What || Exclusive != Other.Exclusive || Shared != Other.Shared);
  }
};

/// Where it shows on which of its ways a function has gone.
enum class Telling : uint8_t {
  ToCaller, ///< In what it returns, or what it was given.
  InMemory, ///< In what it found or left there: a flag that goes with the lock.
  Nowhere,
};

bool isAny(const AccessPath &) { return true; }

bool areApart(const SharedMap<AccessPath, Bounds> &A, const SharedMap<AccessPath, Bounds> &B,
              llvm::function_ref<bool(const AccessPath &)> Counts = isAny) {
  return llvm::any_of(A, [&](const auto &Entry) {
    auto Theirs = B.find(Entry.first);
    return Theirs != B.end() && Counts(Entry.first) && !Entry.second.meets(Theirs->second);
  });
}

/// Whether the caller can say anything about a condition.
using Understood = llvm::function_ref<bool(const AccessPath &)>;

Telling telling(const LockSummary::Outcome &A, const LockSummary::Outcome &B, Understood IsKnown) {
  auto IsGiven = [](const AccessPath &Path) { return Path.isRootOnly() && Path.isGiven(); };
  if (!A.Result.meets(B.Result) || areApart(A.Conditions, B.Conditions, IsGiven))
    return Telling::ToCaller;
  bool IsSeen = areApart(A.Conditions, B.Conditions, IsKnown) || areApart(A.Values, B.Values);
  return IsSeen ? Telling::InMemory : Telling::Nowhere;
}

/// The locks of which the caller cannot say what becomes of them. One that is left alone because
/// of what is in memory may be in any state: that is what the memory stands for.
std::map<AccessPath, Telling> doubts(llvm::ArrayRef<const LockSummary::Outcome *> Ways,
                                     Understood IsKnown) {
  std::map<AccessPath, Telling> Result;
  for (size_t I = 0; I < Ways.size(); ++I)
    for (size_t J = 0; J < Ways.size(); ++J)
      for (const auto &[Lock, Fact] : Ways[I]->Locks) {
        if (I == J || !Effect(*Ways[I], Lock).differs(Effect(*Ways[J], Lock)))
          continue;
        Telling How = telling(*Ways[I], *Ways[J], IsKnown);
        if (How == Telling::ToCaller)
          continue;
        Telling &Worst = Result.try_emplace(Lock, How).first->second;
        Worst = std::max(Worst, How);
      }
  return Result;
}

} // namespace

LockInterpreter::Call LockInterpreter::bindDirect(const LockState &State, const Event &E) const {
  Call C;
  C.Callee = E.Callee;
  C.Result = E.Path;
  for (const Value &Slot : E.Values)
    C.Slots.push_back(State.Names.resolve(Slot));
  return C;
}

LockInterpreter::Call LockInterpreter::bindValue(const LockState &State, const Event &E) const {
  std::vector<Value> Arguments;
  for (size_t I = 1; I < E.Values.size(); ++I)
    Arguments.push_back(State.Names.resolve(E.Values[I]));
  Call C{bindCallable(Unit, State.Names.resolve(E.Values[0]), Arguments), {}};
  C.Result = E.Path;
  return C;
}

AccessPath LockInterpreter::substitute(const LockState &State, const Call &C,
                                       const AccessPath &Path) const {
  if (Path.isAtEntry()) {
    auto Known = C.AtEntry.find(Path);
    return Known == C.AtEntry.end() ? AccessPath() : Known->second;
  }
  if (Path.root() == RootKind::Global)
    return State.resolve(Path);
  if (Path.root() == RootKind::Return)
    return C.Result.isKnown() ? State.resolve(Path.rebased(C.Result, 0)) : AccessPath();
  const Value *Given = C.given(Path);
  if (!Given)
    return {};
  if (Path.isRootOnly() || Path.steps()[0].What != PathStep::Deref)
    return Given->What == Value::Load ? State.resolve(Path.rebased(Given->Path, 0)) : AccessPath();
  AccessPath Base = Given->pointee();
  return Base.isKnown() ? State.resolve(Path.rebased(Base, 1)) : AccessPath();
}

Value LockInterpreter::substitute(const LockState &State, const Call &C, const Value &V) const {
  if (V.What == Value::Load && V.Path.isAtEntry())
    return substitute(State, C, Value::load(V.Path.prefix(V.Path.steps().size() - 1)));
  Value Result = V;
  if (V.What == Value::Load && V.Path.isGiven()) {
    const Value *Given = C.given(V.Path);
    // A callable bound to a reference is given as itself.
    bool IsBound = Given && Given->isCallable() && V.Path.steps().size() == 1 &&
                   V.Path.steps()[0].What == PathStep::Deref;
    if (!Given || V.Path.isRootOnly() || IsBound)
      return Given ? *Given : Value();
  }
  if (V.What == Value::Load || V.What == Value::PointsTo) {
    Result.Path = substitute(State, C, V.Path);
    return Result.Path.isKnown() ? State.Names.resolve(Result) : Value();
  }
  for (Value &Bound : Result.Bound)
    Bound = substitute(State, C, Bound);
  return Result;
}

Bounds LockInterpreter::givenWhole(const LockState &State, const Call &C, const AccessPath &Path,
                                   AccessPath &Here) const {
  Here = Path; // what it is put together from, both may be able to name
  const std::vector<Judgement> *Parts = nullptr;
  auto Look = [&](const FunctionFacts &In) {
    auto Known = In.Conditions.find(Path.rootId());
    if (Known != In.Conditions.end())
      Parts = &Known->second;
    return Parts != nullptr;
  };
  if (!Look(Unit.Functions[C.Callee]))
    llvm::any_of(Unit.Functions, Look);
  bool Holds = false;
  for (const Judgement &Part : Parts ? *Parts : std::vector<Judgement>()) {
    AccessPath InCaller;
    std::optional<Bounds> Known = given(State, C, Part.Subject, InCaller);
    Bounds Meant;
    Holds |= Known && Meant.restrict(Part.How, Part.Against) && Known->implies(Meant);
    // By this number the caller knows what it was given itself.
    if (Part.Subject.isGiven() && !(InCaller == Part.Subject))
      Here = AccessPath();
  }
  auto Known = State.Values.find(Here);
  return Holds                                           ? Bounds::truth(true, /*OnZero=*/false)
         : Here.isKnown() && Known != State.Values.end() ? Known->second.Range
                                                         : Bounds();
}

Bounds LockInterpreter::givenComputed(const LockState &State, const Call &C, const AccessPath &Path,
                                      AccessPath &Here) const {
  Here = Path; // the same text is about what both can name
  const Judgement *How = Flow.computed(Path.rootId(), C.Callee);
  bool IsOther =
      How && llvm::any_of(How->Reads, [&](const AccessPath &Read) {
        // By this number the caller knows what it was given itself.
        return Read.root() == RootKind::Parameter && !(substitute(State, C, Read) == Read);
      });
  if (IsOther)
    Here = AccessPath();
  else if (auto Known = State.Values.find(Path); Known != State.Values.end())
    return Known->second.Range;
  if (!How || How->Mask == 0)
    return Bounds();
  AccessPath From;
  KnownValue Number;
  Number.Range = given(State, C, How->From, From).value_or(Bounds());
  if (auto Known = State.Values.find(From); Known != State.Values.end())
    Number.Ones = Known->second.Ones;
  return Number.masked(How->Mask);
}

std::optional<Bounds> LockInterpreter::given(const LockState &State, const Call &C,
                                             const AccessPath &Path, AccessPath &Here) const {
  if (Path.isWholeCondition())
    return givenWhole(State, C, Path, Here);
  if (Path.root() == RootKind::Return)
    return givenComputed(State, C, Path, Here);
  if (Path.isRootOnly() && Path.isGiven()) {
    const Value *Given = C.given(Path);
    if (!Given)
      return std::nullopt;
    if (Given->What == Value::Constant)
      return Bounds::exactly(Given->Number);
    if (Given->What == Value::Null)
      return Bounds::exactly(0);
    if (Given->What == Value::PointsTo)
      return Bounds::truth(false, /*OnZero=*/true);
    if (Given->What != Value::Load)
      return std::nullopt;
    Here = Given->Path;
    return State.valueOf(Given->Path);
  }
  Here = substitute(State, C, Path);
  if (!Here.isKnown())
    return std::nullopt;
  // Where it points to says whether it is null.
  if (auto Held = State.Names.Pointers.find(Here); Held != State.Names.Pointers.end())
    if (Held->second.What == Value::Null || Held->second.What == Value::PointsTo)
      return Bounds::truth(Held->second.What == Value::Null, /*OnZero=*/true);
  return State.valueOf(Here);
}

void LockInterpreter::loseTouched(LockState &State, const Value &Callable,
                                  llvm::ArrayRef<Value> Arguments) {
  Value Known = Callable;
  for (Value &Bound : Known.Bound) {
    loseTouched(State, Bound);
    Bound = State.Names.resolve(Bound);
  }
  // It may run at any time from now on.
  Call C{bindCallable(Unit, Known, Arguments), {}};
  if (C.Callee == InvalidId)
    return;
  const LockSummary &Callee = Flow.Summaries[C.Callee];
  forgetWritten(State, C);
  for (const LockSummary::Outcome &O : Callee.Outcomes) {
    for (const auto &[Path, Guard] : O.Guards)
      applyGiven(State, substitute(State, C, Path), LockFact(), Event());
    for (const auto &[Path, Fact] : O.Locks) {
      if (Path.isOfGuard())
        applyGiven(State, substitute(State, C, Path.guard()), LockFact(), Event());
      bool IsBalanced = Fact.State == LockFact::Free && !Fact.FromCaller;
      if (AccessPath Lock = substitute(State, C, Path); Lock.isKnown() && !IsBalanced)
        State.lose(Lock);
    }
  }
}

void LockInterpreter::applyUnknown(LockState &State, const Event &E) {
  State.dropSetInClosures();
  if (!E.has(Library)) {
    State.blur();
    if (IsRecording)
      Result.RunsUnknown = true;
  }
  for (const Value &V : E.Values) {
    Value Reached = State.Names.resolve(V);
    loseTouched(State, Reached);
    AccessPath Object = Reached.pointee();
    if (!Object.isKnown())
      continue;
    // A member of the class that is defined elsewhere is not expected to give back what this one
    // has taken.
    if (!Unit.IsC && Object == AccessPath(RootKind::Parameter, 0).deref() && Function.HasThis)
      continue;
    EntityId Subject = Object.subject();
    bool IsLock = Subject != InvalidId && Unit.Entities[Subject].IsMutex;
    if (!E.has(Library) || IsLock || State.Locks.count(Object) || State.Guards.count(Object))
      State.expose(Object);
  }
}

bool LockInterpreter::applyTouches(LockState &State, const Call &C, const Event &E) {
  for (const LockTouch &T : Flow.Summaries[C.Callee].Touches) {
    AccessPath Lock = substitute(State, C, T.Lock);
    if (!Lock.isKnown() || !Lock.isPrecise() || Lock.root() == RootKind::Return)
      continue;
    // Whether the callee does it at all may depend on what it is given.
    bool IsSure = true, IsPossible = true;
    std::map<AccessPath, Bounds> Left;
    for (const auto &[Path, Wanted] : T.Conditions) {
      AccessPath Here;
      std::optional<Bounds> Known = given(State, C, Path, Here);
      if (Known && Known->implies(Wanted))
        continue;
      IsSure = false;
      IsPossible &= !Known || Known->meets(Wanted);
      if (Here.isKnown())
        Left[Here] = Wanted;
      else
        IsPossible = false; // nobody can tell
    }
    if (!IsPossible)
      continue;
    LockFact Fact = look(State, Lock);
    bool IsShared = T.Flags & Shared;
    if (IsSure && Fact.State == LockFact::Held && (Fact.Exclusive > 0 || !IsShared) &&
        Flow.isPlain(Lock, T.Flags | Fact.Kind) && (!Fact.Blurred || Flow.isOurs(Lock))) {
      LockFault F;
      F.What = LockFault::DoubleLock;
      F.Lock = Lock;
      F.Where = E.Where;
      F.Calls = T.Calls;
      F.Calls.insert(F.Calls.begin(), {E.Where, C.Callee});
      F.At = T.Where;
      F.IsShared = IsShared;
      F.WasShared = Fact.Exclusive == 0;
      F.WasGiven = isDeclaredHeld(Fact);
      F.Before = Fact.Taken;
      F.BeforeCalls = Fact.Calls;
      F.Turn = State.Turn;
      report(std::move(F));
      return false;
    }
    if (IsRecording && isVisible(Lock) && !State.Locks.count(Lock) &&
        Result.Touches.size() < MaxTouches) {
      LockTouch Own = T;
      Own.Lock = Lock;
      Own.Calls.insert(Own.Calls.begin(), {E.Where, C.Callee});
      Own.Conditions = conditions(State);
      for (const auto &[Here, Wanted] : Left) {
        // What this function has found out itself is nothing that its callers can know.
        bool IsGiven = Here.root() == RootKind::Parameter || Here.root() == RootKind::Return ||
                       isSharedMemory(Here);
        AccessPath Key = IsGiven && !State.Changed.count(Here) ? Here : AccessPath();
        Own.Conditions[Key] = Wanted;
      }
      Result.Touches.push_back(std::move(Own));
    }
  }
  return true;
}

/// The locks that are taken and given back whichever way the callee goes. A thread that could take
/// a plain lock did not hold it before, nor does it now.
static PathSet takenAndGivenBack(llvm::ArrayRef<const LockSummary::Outcome *> Ways) {
  PathSet Result;
  if (!Ways.empty())
    for (const auto &[Path, Fact] : Ways[0]->Locks)
      if (llvm::all_of(Ways, [&, &Lock = Path](const LockSummary::Outcome *Way) {
            auto Known = Way->Locks.find(Lock);
            return Known != Way->Locks.end() && Known->second.State == LockFact::Free &&
                   !Known->second.FromCaller && !Known->second.TryFailed &&
                   !Known->second.IsNoProof;
          }))
        Result.insert(Path);
  return Result;
}

bool LockInterpreter::isPossible(const LockState &State, const Call &C,
                                 const LockSummary::Outcome &Outcome) const {
  return llvm::all_of(Outcome.Conditions, [&](const auto &Condition) {
    AccessPath Here;
    std::optional<Bounds> Known = given(State, C, Condition.first, Here);
    return !Known || Known->meets(Condition.second);
  });
}

void LockInterpreter::applyOutcome(LockState &State, const Call &C,
                                   const LockSummary::Outcome &Outcome, const PathSet &Proven,
                                   const Event &E) {
  bool Takes = llvm::any_of(Outcome.Locks, [](const auto &Entry) {
    return Entry.second.State == LockFact::Held && !Entry.second.FromCaller;
  });
  if (Takes)
    State.dropShared(Block);
  for (const auto &[Path, Wanted] : Outcome.Conditions) {
    AccessPath Here;
    if (!given(State, C, Path, Here) || !Here.isKnown())
      continue;
    if (!State.Changed.count(Here) && (Here.root() == RootKind::Parameter || isSharedMemory(Here)))
      State.Entry.try_emplace(Here, Wanted);
    if (Outcome.Values.count(Path)) // it has been set since
      continue;
    KnownValue &Known = State.Values[Here];
    if (Known.Range.isAnything())
      Known.Range = Wanted;
    Known.To = Block;
    const Judgement *How = Here.root() == RootKind::Return && !Here.isWholeCondition()
                               ? Flow.computed(Here.rootId(), C.Callee)
                               : nullptr;
    if (How && Known.Reads.empty())
      for (const AccessPath &Read : How->Reads)
        Known.Reads.push_back(State.resolve(Read));
  }
  for (const auto &[Path, Fact] : Outcome.Locks) {
    AccessPath Lock = substitute(State, C, Path);
    if (Path.isOfGuard())
      continue;
    bool Changes = Fact.State != LockFact::Free || Fact.FromCaller;
    if (!Lock.isKnown() || !Lock.isPrecise()) {
      if (Changes && Fact.State != LockFact::Held)
        loseSimilar(State, Lock);
      if (Changes && Lock.isKnown())
        applyToSome(State, Lock, Fact, E.Where);
      State.HoldsUnnamed |= Fact.State != LockFact::Free;
      continue;
    }
    LockFact Through = Fact;
    Through.Calls.insert(Through.Calls.begin(), {E.Where, C.Callee});
    switch (Fact.State) {
    case LockFact::Unknown:
    case LockFact::Ignored:
      State.lose(Lock);
      break;
    case LockFact::Free:
      if (Fact.FromCaller) {
        release(State, Lock, Fact.Kind | AnyMode, E, &Through);
      } else if (LockFact Now = look(State, Lock);
                 !State.Locks.count(Lock) && Now.State != LockFact::Held &&
                 (Fact.TryFailed || (Proven.count(Path) && Flow.isPlain(Lock, Fact.Kind)))) {
        State.Locks[Lock] = Through;
      }
      break;
    case LockFact::Held: {
      LockFact Now = look(State, Lock);
      if (Fact.FromCaller)
        break;
      bool WasUnknown = Now.State == LockFact::Unknown && State.Locks.count(Lock);
      if (WasUnknown && !Flow.isPlain(Lock, Fact.Kind)) {
        State.lose(Lock);
        break;
      }
      if (Now.State == LockFact::Held) {
        Through.Exclusive += Now.Exclusive;
        Through.Shared += Now.Shared;
        // A plain lock that is held cannot have been taken: something was misunderstood.
        if (Through.Exclusive > 3 || Through.Shared > 3 ||
            ((Fact.Kind & Claimed || Flow.isPlain(Lock, Fact.Kind)) && Through.Exclusive > 1)) {
          State.lose(Lock);
          break;
        }
      }
      Through.FromCaller = Now.State == LockFact::Free && Now.FromCaller;
      Through.Taken = E.Where;
      State.Locks[Lock] = std::move(Through);
      break;
    }
    }
  }
  applyGuards(State, C, Outcome, E);
  for (const auto &[Path, Range] : Outcome.Values) {
    KnownValue Set;
    Set.Range = Range;
    State.assign(substitute(State, C, Path), std::move(Set));
  }
  if (C.Result.isKnown()) {
    KnownValue Answer;
    Answer.Range = Outcome.Result;
    State.assign(C.Result, std::move(Answer));
  }
}

void LockInterpreter::applyMemory(LockState &State, const Call &C) {
  const Summary &Callee = Flow.Memory[C.Callee];
  if (!Callee.IsComputed)
    return;
  std::vector<std::pair<AccessPath, Value>> Stores;
  for (const auto &[Path, Held] : Callee.Pointers)
    Stores.emplace_back(substitute(State, C, Path), substitute(State, C, Held));
  if (C.Result.isKnown() && Callee.Returned.isKnown())
    Stores.emplace_back(C.Result, substitute(State, C, Callee.Returned));
  for (auto &[Where, Held] : Stores)
    if (Where.isKnown())
      State.store(Where, std::move(Held));
  forgetWritten(State, C);
}

void LockInterpreter::forgetWritten(LockState &State, const Call &C) {
  std::set<EntityId> Written;
  std::set<AccessPath> Captured;
  for (const Operation &Op : Flow.Memory[C.Callee].Operations) {
    if (Op.Kind != EventKind::Write && Op.Kind != EventKind::Update)
      continue;
    if (Op.Path.root() == RootKind::Capture)
      Captured.insert(substitute(State, C, Op.Path));
    Written.insert(Op.Path.subject());
  }
  if (Written.empty())
    return;
  auto IsWritten = [&](const AccessPath &Path) {
    return isSharedMemory(Path) && Written.count(Path.subject()) > 0;
  };
  State.forgetValues([&](const AccessPath &Path, const KnownValue &Known) {
    return Captured.count(Path) > 0 || IsWritten(Path) || llvm::any_of(Known.Reads, IsWritten);
  });
}

void LockInterpreter::applyCall(LockState &State, const Call &C, const Event &E, States &Out) {
  if (C.Callee == InvalidId) {
    noteLockedCall(State, E);
    State.blur();
    if (IsRecording)
      Result.RunsUnknown = true;
    applyUnknown(State, E);
    Out.push_back(std::move(State));
    return;
  }
  // What is held now need not be when the coroutine begins.
  if (E.has(Deferred) && (State.HoldsUnnamed || C.Result.root() == RootKind::Return ||
                          llvm::any_of(State.Locks, [](const auto &Entry) {
                            return Entry.second.State == LockFact::Held;
                          }))) {
    applyUnknown(State, E);
    Out.push_back(std::move(State));
    return;
  }
  const LockSummary &Callee = Flow.Summaries[C.Callee];
  if (!Callee.IsComputed || Callee.IsOpaque) {
    State.blur();
    State.dropSetInClosures();
    if (IsRecording)
      Result.RunsUnknown = true;
    for (auto &[Path, Fact] : State.Locks)
      Fact = LockFact();
    State.HoldsUnnamed = true;
    State.Guards.clear();
    Out.push_back(std::move(State));
    return;
  }
  if (!applyTouches(State, C, E) || !applyLockedCalls(State, C, E))
    return;
  if (IsRecording)
    Result.RunsUnknown |= Callee.RunsUnknown;
  if (Callee.RunsUnknown) {
    State.blur();
    State.dropSetInClosures();
  }
  State.HoldsUnnamed |= Callee.TakesUnnamed;
  for (const AccessPath &Path : Callee.Lost)
    if (AccessPath Here = substitute(State, C, Path); Here.isKnown()) {
      if (auto Guard = State.Guards.find(Here); Guard != State.Guards.end()) {
        for (const AccessPath &Lock : Guard->second.Locks)
          State.lose(Lock);
        State.Guards.erase(Guard);
      } else {
        State.lose(Here);
        if (IsRecording && isVisible(Here))
          Result.Lost.insert(Here);
      }
    }
  // Callables that it is given and calls: what they do in between is not followed.
  for (const DeferredCall &Later : Flow.Memory[C.Callee].DeferredCalls) {
    std::vector<Value> Arguments;
    for (const Value &Argument : Later.Arguments)
      Arguments.push_back(substitute(State, C, Argument));
    loseTouched(State, substitute(State, C, Later.Callable), Arguments);
  }
  // What it asks about is as it was before the call.
  std::vector<const LockSummary::Outcome *> Possible;
  for (const LockSummary::Outcome &Each : Callee.Outcomes)
    if (isPossible(State, C, Each))
      Possible.push_back(&Each);
  std::map<AccessPath, Telling> Doubts = doubts(Possible, [&](const AccessPath &Path) {
    AccessPath Here;
    if (Path.root() != RootKind::Return)
      return true;
    return !given(State, C, Path, Here)->isAnything() || Here.isKnown();
  });
  Call Began = C;
  for (const LockSummary::Outcome *Each : Possible)
    for (const auto &[Path, Fact] : Each->Locks)
      if (Path.isAtEntry())
        Began.AtEntry[Path] = substitute(State, C, Path.prefix(Path.steps().size() - 1));
  applyMemory(State, C);
  const PathSet Proven = takenAndGivenBack(Possible);
  for (const LockSummary::Outcome *Each : Possible) {
    LockState After = State;
    applyOutcome(After, Began, *Each, Proven, E);
    for (const auto &[Path, How] : Doubts)
      if (How == Telling::Nowhere || !Effect(*Each, Path).isAny())
        if (AccessPath Lock = substitute(State, Began, Path); Lock.isKnown()) {
          After.lose(Lock);
          After.Locks[Lock].IsInDoubt = true;
        }
    Out.push_back(std::move(After));
  }
}
