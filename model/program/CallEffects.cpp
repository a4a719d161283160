// What calls do to the state of their caller.
#include "model/program/FunctionInterpreter.h"

using namespace heddle;

void FunctionInterpreter::applyUnknown(AbstractState &State, const Event &E) {
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
    // It may synchronise through whatever it was given that outlives the call.
    if (Signalled.isKnown() && Object.root() != RootKind::Temporary && !E.has(Library)) {
      State.Waited.insert(Signalled);
      if (IsRecording)
        SignalEvents.emplace_back(Now, Signalled);
    }
  }
}

void FunctionInterpreter::applyCall(AbstractState &State, const Event &E, const Binding &Call,
                                    Position At) {
  if (Call.Callee == InvalidId || !Program.Summaries[Call.Callee].IsComputed) {
    applyUnknown(State, E);
    return;
  }
  const Summary &Callee = Program.Summaries[Call.Callee];
  if (IsRecording) {
    if (!State.Held.empty())
      Program.EnteredWithLock.insert(Call.Callee);
    CallStep Step{E.Where, Call.Callee};
    for (const Operation &Op : Callee.Operations) {
      Operation Seen = substitute(State, Call, Op);
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
      SignalEvents.emplace_back(At, Signal);
  }
  applyDeferredCalls(State, Callee, Call, At);
  for (uint32_t Site : Callee.HeapSites) {
    State.fresh({RootKind::Heap, Site});
    Result.HeapSites.insert(Site);
  }
  adoptRuns(State, E, Callee, Call, At);
  applyCallEffects(State, E, Callee, Call);
}

void FunctionInterpreter::adoptRun(AbstractState &State, const Event &E, const ThreadRun &Left,
                                   const Binding &Call, Position At, uint32_t Ordinal) {
  ThreadRun Run;
  Run.Handle = substituteHandle(State, Call, Left.Handle);
  auto Origin = std::make_shared<ThreadOrigin>(*Left.Origin);
  Origin->Calls.insert(Origin->Calls.begin(), {E.Where, Call.Callee});
  Run.Origin = Origin;
  Run.HeapSites = Left.HeapSites;
  if (Left.Callable.isKnown()) {
    Run.Callable = substitute(State, Call, Left.Callable);
    for (const Value &Argument : Left.Arguments)
      Run.Arguments.push_back(substitute(State, Call, Argument));
    startTask(State, std::move(Run), At, Ordinal, false);
    return;
  }
  if (IsRecording)
    for (const Operation &Op : Left.Operations) {
      Operation Seen = substitute(State, Call, Op);
      if (!Seen.Path.isKnown())
        continue;
      Seen.Waited.unite(State.Waited);
      Seen.Joined.unite(State.Joined);
      Seen.Team = placeInTeam(State, Seen.Team);
      if (Seen.Origin && Seen.Origin->Spawn == Left.Origin->Spawn)
        Seen.Origin = Origin;
      Run.Operations.push_back(std::move(Seen));
    }
  startRun(State, std::move(Run), At, Ordinal, false);
}

void FunctionInterpreter::adoptRuns(AbstractState &State, const Event &E, const Summary &Callee,
                                    const Binding &Call, Position At) {
  std::map<uint32_t, uint32_t> Over; ///< By run: which one of the callee's it is, joined there.
  for (uint32_t Index = 0; Index < Callee.Running.size(); ++Index) {
    const ThreadRun &Left = Callee.Running[Index];
    if (!Left.IsOver) {
      adoptRun(State, E, Left, Call, At, Index);
      continue;
    }
    std::erase_if(State.Live, [&](const auto &Entry) {
      auto Ended = Over.find(Entry.first);
      return Ended != Over.end() && !Left.Beside.count(Ended->second);
    });
    std::map<uint32_t, LiveThread> Before = State.Live;
    adoptRun(State, E, Left, Call, At, Index);
    for (const auto &[Started, Thread] : State.Live)
      if (!Before.count(Started))
        Over[Started] = Index;
  }
  std::erase_if(State.Live, [&](const auto &Entry) { return Over.count(Entry.first); });
}

void FunctionInterpreter::applyCallOfValue(AbstractState &State, const Event &E, Position At) {
  Value Target = State.resolve(E.Values[0]);
  bool IsGiven =
      (Target.What == Value::Load || Target.What == Value::PointsTo) &&
      (Target.Path.root() == RootKind::Parameter || Target.Path.root() == RootKind::Capture);
  if (IsRecording && IsGiven && Result.DeferredCalls.size() < Summary::MaxDeferredCalls) {
    DeferredCall Later{Target, {}, State.Held, E.Where};
    for (size_t I = 1; I < E.Values.size(); ++I)
      Later.Arguments.push_back(State.resolve(E.Values[I]));
    Result.DeferredCalls.push_back(std::move(Later));
  }
  applyCall(State, E, bindValue(State, E), At);
}

void FunctionInterpreter::applyDeferredCalls(AbstractState &State, const Summary &Callee,
                                             const Binding &Call, Position At) {
  // A callable that is handed itself could go on for ever.
  if (DeferredDepth >= MaxDeferredDepth)
    return;
  ++DeferredDepth;
  for (const DeferredCall &Later : Callee.DeferredCalls) {
    Event E;
    E.Kind = EventKind::CallValue;
    E.Where = Later.Where;
    E.Values.push_back(substitute(State, Call, Later.Callable));
    if (!E.Values[0].isKnown())
      continue;
    for (const Value &Argument : Later.Arguments)
      E.Values.push_back(substitute(State, Call, Argument));
    std::vector<HeldLock> Before = State.Held;
    for (const HeldLock &Lock : Later.Held)
      State.acquire(substitute(State, Call, Lock.Path), Lock.IsShared, Lock.Where);
    applyCallOfValue(State, E, At);
    State.Held = std::move(Before);
  }
  --DeferredDepth;
}

void FunctionInterpreter::applyCallEffects(AbstractState &State, const Event &E,
                                           const Summary &Callee, const Binding &Call) {
  for (const AccessPath &Lock : substitute(State, Call, Callee.Released))
    State.release(Lock);
  for (const HeldLock &Lock : Callee.Acquired)
    State.acquire(substitute(State, Call, Lock.Path), Lock.IsShared, Lock.Where);
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
  for (const auto &[Path, Held] : Callee.Pointers) {
    AccessPath Where = substitute(State, Call, Path);
    State.store(Where, substitute(State, Call, Held));
  }
  for (const auto &[Path, Guard] : Callee.Guards) {
    AccessPath Where = substitute(State, Call, Path);
    if (!Where.isKnown())
      continue;
    GuardState Seen = Guard;
    for (AccessPath &Lock : Seen.Locks)
      Lock = substitute(State, Call, Lock);
    State.Guards[Where] = std::move(Seen);
  }
  for (const auto &[From, To] : Callee.Moves)
    State.moveThread(substituteHandle(State, Call, From), substitute(State, Call, To));
  if (IsRecording)
    Result.Taken.unite(substitute(State, Call, Callee.Taken));
  for (const AccessPath &Handle : substitute(State, Call, Callee.Joined))
    joinThread(State, Handle);
  State.Waited.unite(substitute(State, Call, Callee.Waited));
  State.Passed.unite(substitute(State, Call, Callee.Taken));
  State.Phases = phasesAfter(State.Phases, Callee.Phases);
  for (const auto &[Path, Owed] : Callee.Returning) {
    AccessPath Where = substitute(State, Call, Path);
    if (Where.isKnown())
      owe(State, Where, E);
  }
  if (Call.Result.isKnown() && Callee.Returned.isKnown())
    State.store(Call.Result, substitute(State, Call, Callee.Returned));
}
