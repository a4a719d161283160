// What calls do to the state of their caller.
#include "model/facts/ValueFlow.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include <algorithm>
#include <utility>

using namespace heddle;

void FunctionInterpreter::applyUnknown(AbstractState &State, const Event &E) {
  if (!E.has(Library))
    noteUnknownCall(State);
  const bool IsGivenCallable =
      E.Kind == EventKind::CallValue && State.resolve(E.Values[0]).isGiven();
  for (const Value &V : E.Values) {
    Value Reached = State.resolve(V);
    AccessPath Object = Reached.pointee();
    // A number is no lock and no condition, but it may be what an unseen function takes for one.
    AccessPath Signalled =
        V.Number > 0 ? Object.given(static_cast<EntityId>(V.Number - 1)) : Object;
    if (Reached.What == Value::Closure) {
      for (const Value &Bound : Reached.Bound)
        meet(State, Bound.Path);
      continue;
    }
    if (Reached.What == Value::Load)
      meet(State, Reached.Path);
    meet(State, Object);
    State.forget(Object);
    State.loseHandle(Object);
    // It may synchronise through whatever it was given that outlives the call, unless a caller
    // knows what it does. What is called is nothing that it was given.
    bool IsCalled = E.Kind == EventKind::CallValue && &V == &E.Values.front();
    if (Signalled.isKnown() && Object.root() != RootKind::Temporary && !E.has(Library) &&
        !IsCalled && !IsGivenCallable) {
      State.Waited.insert(Signalled);
      if (IsRecording)
        SignalEvents.emplace_back(Now, Signalled);
    }
  }
}

void FunctionInterpreter::applyCall(AbstractState &State, const Event &E, const Binding &Call,
                                    Position At) {
  noteGoesOn(State, Call.Callee);
  // Which of the locks are still held when the coroutine begins, nobody sees here.
  if (E.has(Deferred) && (!State.Held.empty() || Call.Result.root() == RootKind::Return)) {
    if (IsRecording && Call.Callee != InvalidId)
      Program.Reached.insert(Call.Callee);
    applyUnknown(State, E);
    return;
  }
  if (IsRecording && Call.Callee == Id) {
    SelfCalls.emplace_back(Now, Call);
    // "Locked", it says: whoever passes that has the lock.
    bool SaysSo = std::any_of(Call.Slots.begin(), Call.Slots.end(),
                              [](const Value &Slot) { return Slot.What == Value::Constant; });
    if (SaysSo && !State.Held.empty())
      noteEnteredWithLock(Id);
  }
  if (Call.Callee == InvalidId || !Program.Summaries[Call.Callee].IsComputed) {
    applyUnknown(State, E);
    return;
  }
  const Summary &Callee = Program.Summaries[Call.Callee];
  // What the callee takes may be the caller's, which it has given back for a while.
  if (!State.Live.empty())
    for (const AccessPath &Lock : substitute(State, Call, Callee.Taken))
      State.openGate(Lock);
  applyPrimitiveUses(State, E, Callee, Call);
  if (IsRecording) {
    if (!State.Held.empty())
      noteEnteredWithLock(Call.Callee);
    Program.Reached.insert(Call.Callee);
    CallStep Step{E.Where, Call.Callee};
    adoptUses(State, Callee, Call, Step);
    SubstitutionMemo Memo;
    for (const Operation &Op : Callee.Operations) {
      if (Op.Calls.size() >= Summary::MaxCalls)
        continue;
      Operation Seen = substitute(State, Call, Op, Memo);
      if (!Seen.Path.isKnown())
        continue;
      if (Seen.Origin) {
        auto Root = std::make_shared<ThreadOrigin>(*Seen.Origin);
        Root->Calls.insert(Root->Calls.begin(), Step);
        Seen.Origin = Root;
      } else {
        Seen.Calls.insert(Seen.Calls.begin(), Step);
      }
      perform(State, std::move(Seen));
    }
    for (const AccessPath &Signal : substitute(State, Call, Callee.Signals))
      // Given back by who has taken it, a lock is handed over to nobody.
      if (!Signal.isHandedOver() || !State.holds(Signal.prefix(Signal.steps().size() - 1)))
        SignalEvents.emplace_back(At, Signal);
    for (const Handover &Published : substitute(State, Call, Callee.Published))
      PublishEvents.emplace_back(At, Published);
  }
  noteWrites(State, Callee, Call);
  for (const DeferredCall &Later : Callee.DeferredCalls)
    if (Later.Beside.empty())
      applyDeferredCalls(State, Later, Call, At);
  adoptOffers(State, Callee, Call, {{E.Where, Call.Callee}}, At, Ordinals::OffersOfCallee);
  for (uint32_t Site : Callee.HeapSites) {
    State.fresh({RootKind::Heap, Site});
    Result.HeapSites.insert(Site);
  }
  if (Callee.CallsUnknown)
    noteUnknownCall(State);
  // What the callee leaves running, it has started by these names afterwards.
  for (const auto &[From, To] : Callee.Moves)
    State.moveThread(substituteHandle(State, Call, From), substitute(State, Call, To));
  for (const AccessPath &Handle : substituteJoined(State, Call, Callee.Joined))
    joinThread(State, Handle);
  adoptRuns(State, Callee, Call, {{E.Where, Call.Callee}}, At, 0);
  applyCallEffects(State, E, Callee, Call);
}

void FunctionInterpreter::noteEnteredWithLock(FunctionId Callee) {
  Program.EnteredWithLock.insert(Callee);
  // A lambda is part of the function around it.
  if (Unit.Functions[Callee].IsLambda)
    forEachEvent(Unit.Functions[Callee], [&](const Event &E) {
      if (E.Kind == EventKind::Call)
        Program.EnteredWithLock.insert(E.Callee);
    });
}

void FunctionInterpreter::applyCallOfValue(AbstractState &State, const Event &E, Position At) {
  Value Target = State.resolve(E.Values[0]);
  if (IsRecording && Target.isGiven() && Result.DeferredCalls.size() < Summary::MaxDeferredCalls) {
    DeferredCall Later{Target,  {}, State.Held,   State.Claims,
                       E.Where, {}, State.Joined, State.assumes(OfOneThread)};
    for (const auto &[Run, Thread] : State.Live)
      Later.Beside.push_back(Run);
    for (size_t I = 1; I < E.Values.size(); ++I)
      Later.Arguments.push_back(State.resolve(E.Values[I]));
    Result.DeferredCalls.push_back(std::move(Later));
  }
  noteCallback(State, E, Target);
  noteServing(State, E, Target);
  applyCall(State, E, bindValue(State, E), At);
}

void FunctionInterpreter::applyDeferredCalls(AbstractState &State,
                                             llvm::ArrayRef<DeferredCall> Calls,
                                             const Binding &Call, Position At) {
  // A callable that is handed itself could go on for ever.
  if (DeferredDepth >= MaxDeferredDepth)
    return;
  ++DeferredDepth;
  const Event *Outer = std::exchange(Described, nullptr);
  for (const DeferredCall &Later : Calls) {
    Event E;
    E.Kind = EventKind::CallValue;
    E.Where = Later.Where;
    E.Values.push_back(substitute(State, Call, Later.Callable));
    if (!E.Values[0].isKnown())
      continue;
    for (const Value &Argument : Later.Arguments)
      E.Values.push_back(substitute(State, Call, Argument));
    std::vector<HeldLock> Before = State.Held;
    std::vector<FlagClaim> ClaimsBefore = State.Claims;
    std::vector<HeldLock> Held = Later.Held;
    substituteLocks(State, Call, Held);
    for (HeldLock &Lock : Held)
      State.hold(std::move(Lock));
    for (const FlagClaim &Claim : Later.Claims)
      State.Claims.push_back({substitute(State, Call, Claim.Flag), Claim.IsSet});
    const PathSet Joined = substituteJoined(State, Call, Later.Joined);
    SharedMap<uint32_t, LiveThread> Over = State.Live;
    auto IsOver = [&](const auto &Entry) { return State.hasEnded(Entry.first, Joined); };
    Over.eraseIf([&](const auto &Entry) { return !IsOver(Entry); });
    for (const auto &Entry : Over)
      State.Live.eraseIf([&](const auto &Own) { return Own.first == Entry.first; });
    const SharedSet<AssumedWay> AssumedBefore = State.Assumed;
    if (Later.IsOfOneThread)
      State.Assumed.insert({Later.Where.Begin, 0, OfOneThread});
    applyCallOfValue(State, E, At);
    State.Assumed = AssumedBefore;
    // Who joins them, and when, the callee's summary says as well.
    for (const auto &Entry : Over)
      State.Live.insert(Entry);
    // What the callable has given back is no longer held, and nobody knows when that was.
    bool GivesBack = std::erase_if(Before, [&](const HeldLock &Lock) {
                       return Lock.Path.isKnown() && !State.holds(Lock.Path);
                     }) > 0;
    State.Held = std::move(Before);
    if (GivesBack) {
      HeldLock Any{{}, false, Later.Where};
      Any.IsGiven = true;
      State.hold(std::move(Any));
    }
    State.Claims = std::move(ClaimsBefore);
    for (const HeldLock &Lock : Later.Held)
      if (AccessPath Path = substitute(State, Call, Lock.Path); !State.holds(Path))
        State.Seen.close(Path);
  }
  Described = Outer;
  --DeferredDepth;
}

void FunctionInterpreter::applyCallEffects(AbstractState &State, const Event &E,
                                           const Summary &Callee, const Binding &Call) {
  applyGuardsLeft(State, Callee, Call);
  for (const HeldLock &Lock : Callee.Acquired)
    State.acquire(substitute(State, Call, Lock.Path), Lock.IsShared, Lock.Where, Lock.IsInferred);
  // What the caller's objects owe is met by a callee that meets it on every way, and no longer
  // seen where the callee passes it on.
  for (uint32_t Slot = 0; Slot < Call.Slots.size(); ++Slot) {
    const Value &Given = Call.Slots[Slot];
    if (Given.What != Value::PointsTo && Given.What != Value::Load)
      continue;
    const auto &Parameters = Unit.Functions[Call.Callee].Parameters;
    bool KnowsSlot = Slot < Parameters.size() && !Parameters[Slot].Cancels.empty();
    if (!KnowsSlot || Callee.Discharged.count(Slot))
      meet(State, Given.Path);
  }
  std::vector<std::pair<AccessPath, Value>> Stores; // all of what was there before the call
  for (const auto &[Path, Held] : Callee.Pointers)
    Stores.emplace_back(substitute(State, Call, Path), substitute(State, Call, Held));
  for (const auto &[Where, Held] : Stores)
    State.store(Where, Held);
  if (IsRecording)
    Result.Taken.unite(substitute(State, Call, Callee.Taken));
  for (const Value &Callable : Callee.AtExit)
    noteAtExit(substitute(State, Call, Callable));
  // Which threads take which way through the callee is not known here.
  if (std::any_of(Callee.Phase.begin(), Callee.Phase.end(),
                  [](const SourceRange &Last) { return Last.isValid(); }))
    State.Phase = {SourceRange()};
  for (const auto &[Variable, Places] : Callee.Fetched)
    if (AccessPath Seen = substituteHandle(State, Call, Variable); Seen.isKnown())
      State.Fetched[Seen].unite(substitute(State, Call, Places));
  if (State.Held.empty())
    Result.Serves.unite(substitute(State, Call, Callee.Serves));
  State.Waited.unite(substitute(State, Call, Callee.Waited));
  State.Past.unite(substitute(State, Call, Callee.Past));
  State.Passed.unite(substitute(State, Call, Callee.Taken));
  State.Phases = phasesAfter(State.Phases, Callee.Phases);
  State.Believed.unite(substitute(State, Call, Callee.Believed));
  for (const auto &[Path, Owed] : Callee.Returning) {
    AccessPath Where = substitute(State, Call, Path);
    if (Where.isKnown())
      owe(State, Where, E);
  }
  if (Call.Result.isKnown() && Callee.ResultCopy) {
    ValueTest Copy = substitute(State, Call, *Callee.ResultCopy);
    Copy.Calls.insert(Copy.Calls.begin(), {E.Where, Call.Callee});
    Copy.Locks.insert(Copy.Locks.end(), State.Held.begin(), State.Held.end());
    if (Copy.Of.isKnown())
      State.Copies[Call.Result] = std::move(Copy);
  }
  if (Call.Result.isKnown() && Callee.Returned.isKnown())
    State.store(Call.Result, substitute(State, Call, Callee.Returned));
  applyPrimitivesLeft(State, Callee, Call);
  adoptObserved(State, E, Callee, Call);
  adoptNotices(State, Callee, Call, Now);
}
