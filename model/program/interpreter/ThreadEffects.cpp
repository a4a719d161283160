// Threads that start, end and are joined.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <set>

using namespace heddle;

bool FunctionInterpreter::startsThreads() const {
  auto Starts = [&](const Event &E) {
    return E.Kind == EventKind::Spawn || (E.Kind == EventKind::Call && E.Callee != InvalidId &&
                                          !Program.Summaries[E.Callee].Running.empty());
  };
  return llvm::any_of(Function.Blocks, [&](const Block &B) {
    return llvm::any_of(B.Events, Starts) || llvm::any_of(B.Successors, [&](const Edge &Way) {
             return llvm::any_of(Way.Events, Starts);
           });
  });
}

void FunctionInterpreter::applyThread(AbstractState &State, const Event &E, Position At) {
  AccessPath Path = State.resolve(E.Path);
  switch (E.Kind) {
  case EventKind::Spawn:
    applySpawn(State, E, At);
    break;
  case EventKind::Join:
    if (E.has(Missing)) {
      State.dropThread(State.syncObject(Path), E.has(Tried));
    } else if (E.Callee == InvalidId) {
      joinThread(State, Path);
    } else if (const Summary &Callee = Program.Summaries[E.Callee]; Callee.IsComputed) {
      Binding Call = bindDirect(State, E);
      for (const AccessPath &Handle : substituteJoined(State, Call, Callee.Joined))
        joinThread(State, Handle);
    }
    break;
  case EventKind::Detach:
    // Still running, but nothing joins it by this name any more.
    State.Live.changeIf([&](uint32_t, const LiveThread &Thread) { return Thread.Handle == Path; },
                        [](uint32_t, LiveThread &Thread) {
                          Thread.Handle = AccessPath();
                          Thread.IsLost = false;
                          Thread.IsDetached = true;
                        });
    break;
  case EventKind::Destroy:
    if (E.has(Joins))
      noteEndOfHandle(State, E, Path);
    if (E.has(Joins))
      joinThread(State, Path, /*IsEnd=*/true);
    else if (!E.has(Terminates) && Path.isKnown())
      State.Live.changeIf([&](uint32_t, const LiveThread &Thread) { return Thread.Handle == Path; },
                          [](uint32_t, LiveThread &Thread) { Thread.IsDetached = true; });
    noteGuardReleased(State, Path);
    if (E.has(OfGuard) && !State.Guards.count(Path) && isGivenGuard(Path))
      State.unlockGuard(Path, /*IsGiven=*/true, /*Forget=*/false);
    else
      State.unlockGuard(Path, /*IsGiven=*/false, /*Forget=*/true);
    break;
  default:
    break;
  }
}

void FunctionInterpreter::joinThread(AbstractState &State, const AccessPath &Path, bool IsEnd) {
  AccessPath Handle = State.syncObject(Path);
  if (IsRecording) {
    std::vector<uint32_t> Ended = State.endedBy(Handle, IsEnd);
    for (const auto &[Run, Thread] : State.Live) {
      if (!llvm::is_contained(Ended, Run))
        continue;
      auto [Known, IsFirst] = Covered.try_emplace(Run, Thread.Gates);
      if (!IsFirst)
        Known->second.intersect(Thread.Gates);
      JoinPosition.emplace(Run, Now);
    }
    if (Handle.isKnown())
      Result.Joined.unite(State.namesOf(Handle));
    else if (Ended.empty() && !IsEnd)
      Result.Joined.insert(Handle);
  }
  State.joinThread(Handle, IsEnd);
}

/// The functions that the given ones lead to, without those that teams run.
static std::set<FunctionId> reachedFrom(const UnitFacts &Unit, std::vector<FunctionId> Open) {
  std::set<FunctionId> Result;
  while (!Open.empty()) {
    FunctionId At = Open.back();
    Open.pop_back();
    if (!Result.insert(At).second)
      continue;
    auto Note = [&](FunctionId Called) {
      if (Called != InvalidId && Called < Unit.Functions.size() &&
          Unit.Functions[Called].Region != RegionKind::Team)
        Open.push_back(Called);
    };
    auto Visit = [&](const std::vector<Event> &Events) {
      for (const Event &E : Events) {
        if (E.Kind == EventKind::Call || E.Kind == EventKind::Spawn)
          Note(E.Callee);
        for (const Value &Given : E.Values)
          if (Given.isCallable())
            Note(Given.Callee);
      }
    };
    for (const Block &B : Unit.Functions[At].Blocks) {
      Visit(B.Events);
      for (const Edge &Way : B.Successors)
        Visit(Way.Events);
    }
  }
  return Result;
}

/// Whether main leads to the function, and no team does.
static bool isOutsideOfTeams(const UnitFacts &Unit, FunctionId Of) {
  std::vector<FunctionId> Mains, Teams;
  for (FunctionId I = 0; I < Unit.Functions.size(); ++I) {
    if (Unit.Functions[I].IsMain)
      Mains.push_back(I);
    if (Unit.Functions[I].Region == RegionKind::Team)
      Teams.push_back(I);
  }
  return reachedFrom(Unit, std::move(Mains)).count(Of) &&
         !reachedFrom(Unit, std::move(Teams)).count(Of);
}

void FunctionInterpreter::applySpawn(AbstractState &State, const Event &E, Position At) {
  ThreadRun Run;
  Run.Handle = State.syncObject(E.Path);
  Run.Terminates = E.has(Terminates);
  Run.JoinsAtEnd = E.has(Joins);
  Run.IsOnce = isOnce(State, E.Where) || !State.Claims.empty();
  // A handle that is still live cannot be set: the program ends, or the old thread is joined.
  Run.IsSole = Run.Terminates || Run.JoinsAtEnd || E.has(Claimed);
  Run.Callable = State.resolve(E.Values[0]);
  for (size_t I = 1; I < E.Values.size(); ++I)
    Run.Arguments.push_back(State.resolve(E.Values[I]));
  auto Origin = std::make_shared<ThreadOrigin>();
  Origin->Spawn = E.Where;
  Origin->Spawner = Id;
  Origin->IsServed = E.has(Served);
  Run.Origin = Origin;
  for (const Value &Argument : E.Values) {
    // What a task was given is its own affair from now on.
    Value Given = State.resolve(Argument);
    meet(State, Given.Path);
  }
  if (E.has(Deferred) && Run.Handle.isKnown())
    Run.Waited.insert(Run.Handle);
  if (E.Values[0].What == Value::Load)
    Run.Finished = State.syncObject(E.Values[0].Path);
  if (E.has(Served)) {
    if (Run.Handle.isKnown())
      giveTask(State, {Run.Handle, Run.Callable, {}, {}, Origin, {}}, At, 0);
    return;
  }
  // Without a team, tasks are done by the thread that makes them.
  RegionKind Kind = E.Callee == InvalidId ? RegionKind::None : Unit.Functions[E.Callee].Region;
  bool IsAlone =
      (Kind == RegionKind::Task || Kind == RegionKind::Tasks) && isOutsideOfTeams(Unit, Id);
  const AccessPath Handle = Run.Handle;
  startTask(State, std::move(Run), At, 0, E.has(Parallel) && !IsAlone);
  if (IsAlone && Handle.isKnown())
    for (const AccessPath &Done : {Handle, Handle.deref()})
      State.joinThread(Done);
}

void FunctionInterpreter::startTask(AbstractState &State, ThreadRun Run, Position At,
                                    uint32_t Ordinal, bool IsParallel) {
  Binding Call = bind(Run.Callable, Run.Arguments);
  if (Call.Callee == InvalidId) {
    // A callable that a parameter brings: the caller will know.
    startRun(State, std::move(Run), At, Ordinal, IsParallel);
    return;
  }
  auto Origin = std::make_shared<ThreadOrigin>(*Run.Origin);
  Origin->Entry = Call.Callee;
  Run.Origin = Origin;
  Run.Callable = Value();
  Run.Arguments.clear();
  noteGiven(Run, Call);
  noteGoesOn(State, Call.Callee);
  const Summary &Entry = Program.Summaries[Call.Callee];
  // Of what a task runs it is not known whether others run it meanwhile.
  if (!Run.IsServed)
    Run.Serves = substitute(State, Call, Entry.Serves);
  Run.Past = substitute(State, Call, Entry.Past);
  const PathSet Past = State.pastForOthers();
  const PathSet Waited = Run.Waited, Signals = Run.Signals;
  Via Inside{{}, Origin, isTeam(Run), {}};
  // Who waits for its tasks does not wait for theirs.
  if (Unit.Functions[Call.Callee].Region == RegionKind::Task)
    Inside.TaskHandle = Run.Handle;
  if (IsRecording) {
    Program.Reached.insert(Call.Callee);
    adoptUses(State, Run, Entry.LockUses, Call, Inside);
    Run.HeapSites = Entry.HeapSites;
    Run.Signals.unite(substitute(State, Call, Entry.Signals));
    Run.CallsUnknown = Entry.CallsUnknown || !Entry.IsComputed;
    for (const AccessPath &End : {Run.Finished, Run.Handle})
      if (End.isKnown()) // a future that is waited for tells of the end as well
        Run.Signals.insert(End);
    const bool IsOwnKind = Program.Again.Members.count(Call.Callee);
    SubstitutionMemo Memo;
    for (const Operation &Op : Entry.Operations)
      if (Operation Seen = substitute(State, Call, Op, Memo);
          Seen.Path.isKnown() && (!IsOwnKind || Program.Again.mayDo(Call.Callee, Op))) {
        for (const AccessPath &End : {Run.Finished, Run.Handle})
          if (End.isKnown())
            Seen.Signals.insert(End);
        Seen.Waited.unite(State.Waited);
        Seen.Waited.unite(Waited);
        Seen.Signals.unite(Signals);
        Seen.Believed.unite(State.Believed);
        Seen.Noticed.unite(State.Notes.Noticed);
        Seen.Joined.unite(State.Joined);
        Seen.Past.unite(Past);
        if (!Inside.IsTeam)
          Seen.Team = placeInTeam(State, Seen.Team);
        if (IsOwnKind && Program.Again.isAtEnd(Call.Callee, Op))
          Seen.Flags &= ~static_cast<uint64_t>(Selective);
        Seen.Through = {Op.Path.root(), Op.Path.rootId()};
        Seen.Origin = Seen.Origin ? rooted(*Seen.Origin, Inside) : Origin;
        Run.Operations.push_back(std::move(Seen));
      }
  }
  ThreadRun Part(static_cast<const ThreadTraits &>(Run));
  startRun(State, std::move(Run), At, Ordinal, IsParallel);
  Part.Waited = Waited;
  Part.Waited.unite(substitute(State, Call, Entry.Waited));
  Part.Signals = Signals;
  Part.Signals.unite(substitute(State, Call, Entry.Signals));
  const uint32_t Next = Ordinals::within(Ordinal);
  const PathSet Given =
      startDeferredCalls(State, Part, Entry, Call, At, Next + Ordinals::Deferred, IsParallel);
  if (IsRecording) {
    ThreadRun &Whole = Runs[RunIndex.find({At, Ordinal})->second];
    for (Operation &Op : Whole.Operations) {
      Op.Waited.unite(Given);
      Op.Signals.unite(Given);
    }
    for (auto Inner = RunIndex.lower_bound({At, Next + Ordinals::Deferred});
         Inner != RunIndex.end() && Inner->first < std::pair(At, Next + Ordinals::OffersDeferred);
         ++Inner)
      goesOnAs(Runs[Inner->second], Whole);
  }
  // What the task starts and leaves behind runs beside it.
  adoptRuns(State, Entry, Call, Inside, At, Next);
  adoptOffers(State, Entry, Call, Inside, At, Next + Ordinals::Offers);
}

void FunctionInterpreter::goesOnAs(const ThreadRun &Later, ThreadRun &Part) {
  Handovers Published;
  NoticeSet Told;
  for (const Operation &Op : Later.Operations) {
    Published.unite(Op.Published);
    Told.unite(Op.Told);
  }
  for (Operation &Op : Part.Operations) {
    Op.Signals.unite(Later.Signals);
    Op.Published.unite(Published);
    Op.Told.unite(Told);
  }
  Part.Signals.unite(Later.Signals);
  Part.CallsUnknown |= Later.CallsUnknown;
}

std::shared_ptr<const ThreadOrigin> FunctionInterpreter::rooted(const ThreadOrigin &Origin,
                                                                const Via &How) {
  auto Result = std::make_shared<ThreadOrigin>(Origin);
  if (Origin.Parent)
    Result->Parent = rooted(*Origin.Parent, How);
  else if (How.Parent)
    Result->Parent = How.Parent;
  else
    Result->Calls.insert(Result->Calls.begin(), How.Step);
  return Result;
}

bool FunctionInterpreter::isOnce(const AbstractState &State, const SourceRange &Where) const {
  auto IsWithin = [&](const StaticInitializer &Static) { return Static.Text.encloses(Where); };
  auto IsThere = [&](const OnceCall &Once) { return Once.Where == Where; };
  return State.assumes(Claimed) || llvm::any_of(Function.StaticInitializers, IsWithin) ||
         llvm::any_of(Function.OnceCalls, IsThere);
}

void FunctionInterpreter::adoptRun(AbstractState &State, const ThreadRun &Left, const Binding &Call,
                                   const Via &How, Position At, uint32_t Ordinal) {
  ThreadRun Run(static_cast<const ThreadTraits &>(Left));
  Run.Handle = substituteHandle(State, Call, Left.Handle);
  if (How.TaskHandle.isKnown() && Run.Handle == How.TaskHandle)
    Run.Handle = Run.Handle.deref();
  Run.Origin = rooted(*Left.Origin, How);
  Run.HeapSites = Left.HeapSites;
  Run.MayRunOn = Left.MayRunOn;
  Run.Serves = substitute(State, Call, Left.Serves);
  if (Left.ServedBy.isKnown())
    Run.ServedBy = substitute(State, Call, Left.ServedBy);
  Run.Past = substitute(State, Call, Left.Past);
  const PathSet Past = State.pastForOthers();
  Run.Waited = substitute(State, Call, Left.Waited);
  Run.Signals = substitute(State, Call, Left.Signals);
  Run.CallsUnknown = Left.CallsUnknown;
  Run.Terminates = Left.Terminates;
  Run.JoinsAtEnd = Left.JoinsAtEnd;
  Run.IsOnce = Left.IsOnce || isOnce(State, How.Step.Where);
  // What ends with the callee's variables, nobody joins any more.
  bool WasSeen = Left.Handle.isKnown() && Left.Handle.root() != RootKind::Local;
  Run.IsLost = Left.IsLost || (WasSeen && !Run.Handle.isKnown() && !Left.IsDetached);
  for (const GivenObject &Given : Left.Given)
    if (AccessPath Object = substitute(State, Call, Given.Object); Object.isKnown())
      Run.Given.push_back({Object, Given.Through, Given.Used});
  if (Left.Callable.isKnown()) {
    Run.Callable = substitute(State, Call, Left.Callable);
    for (const Value &Argument : Left.Arguments)
      Run.Arguments.push_back(substitute(State, Call, Argument));
    startTask(State, std::move(Run), At, Ordinal, false);
    return;
  }
  SubstitutionMemo Memo;
  if (IsRecording)
    adoptUses(State, Run, Left.LockUses, Call, How);
  if (IsRecording)
    for (const Operation &Op : Left.Operations) {
      Operation Seen = substitute(State, Call, Op, Memo);
      if (!Seen.Path.isKnown())
        continue;
      Seen.Waited.unite(State.Waited);
      Seen.Believed.unite(State.Believed);
      Seen.Noticed.unite(State.Notes.Noticed);
      Seen.Joined.unite(State.Joined);
      Seen.Past.unite(Past);
      if (!How.IsTeam)
        Seen.Team = placeInTeam(State, Seen.Team);
      Seen.Origin = Op.Origin->Spawn == Left.Origin->Spawn ? Run.Origin : rooted(*Op.Origin, How);
      Run.Operations.push_back(std::move(Seen));
    }
  startRun(State, std::move(Run), At, Ordinal, false);
}

/// Whether a call is given the number one: a pool that is told so has one thread.
static bool givesOne(llvm::ArrayRef<Value> Slots) {
  return llvm::any_of(
      Slots, [](const Value &Slot) { return Slot.What == Value::Constant && Slot.Number == 1; });
}

void FunctionInterpreter::adoptRuns(AbstractState &State, const Summary &Callee,
                                    const Binding &Call, const Via &How, Position At,
                                    uint32_t Ordinal) {
  std::map<uint32_t, uint32_t> Mine; ///< By run: which one of the callee's it is.
  for (uint32_t Index = 0; Index < Callee.Running.size(); ++Index) {
    const ThreadRun &Left = Callee.Running[Index];
    // Those that it has joined by then, or starts on another way, are not beside it.
    SharedMap<uint32_t, LiveThread> Apart;
    for (const auto &[Run, Which] : Mine)
      if (auto Live = State.Live.find(Run); Live != State.Live.end() && !Left.Beside.count(Which) &&
                                            !Callee.Running[Which].Beside.count(Index)) {
        Apart.insert(*Live);
        State.Live.erase(Run);
      }
    SharedMap<uint32_t, LiveThread> Before = State.Live;
    adoptRun(State, Left, Call, How, At, Ordinal + Index);
    for (const auto &[Started, Thread] : State.Live)
      if (!Before.count(Started)) {
        Mine[Started] = Index;
        if (!Left.Beside.count(Index))
          continue;
        Repeated.insert(Started);
        if (!givesOne(Call.Slots))
          State.Live[Started].IsMany = true;
        // Who started it again and again did not know what it does.
        if (IsRecording && Left.Callable.isKnown())
          RunLive[Started][Started].Stale = substitute(State, Call, Left.Renewed);
      }
    for (const auto &Entry : Apart)
      State.Live.insert(Entry);
  }
  // What the callee has called meanwhile, unless the task that it is calls that by itself.
  for (const DeferredCall &Later : Callee.DeferredCalls) {
    if (Later.Beside.empty() || How.Parent)
      continue;
    SharedMap<uint32_t, LiveThread> Apart = State.Live;
    auto IsApart = [&](const auto &Entry) {
      auto Known = Mine.find(Entry.first);
      return Known != Mine.end() && !llvm::is_contained(Later.Beside, Known->second);
    };
    State.Live.eraseIf(IsApart);
    Apart.eraseIf([&](const auto &Entry) { return !IsApart(Entry); });
    applyDeferredCalls(State, Later, Call, At);
    for (const auto &Entry : Apart)
      State.Live.insert(Entry);
  }
  State.Live.eraseIf([&](const auto &Entry) {
    auto Known = Mine.find(Entry.first);
    return Known != Mine.end() && Callee.Running[Known->second].IsOver;
  });
}

PathSet FunctionInterpreter::startDeferredCalls(AbstractState &State, const ThreadRun &Part,
                                                const Summary &Entry, const Binding &Call,
                                                Position At, uint32_t Ordinal, bool IsParallel) {
  // What the thread calls through its arguments, it calls by itself; told as a run of its own that
  // is never beside the first.
  if (DeferredDepth >= 2)
    return {};
  PathSet Given;
  ++DeferredDepth;
  for (const DeferredCall &Later : Entry.DeferredCalls) {
    ThreadRun Inner = Part;
    // Who puts something there gives it to the same thread.
    if (AccessPath From = substitute(State, Call, Later.Callable.Path); From.isKnown())
      for (const AccessPath &Place :
           {placeOfTasks(From), AccessPath(RootKind::Global, From.subject())})
        if (auto Server = findServer(State, Place); Server && Server->Alone.isKnown())
          Inner.ServedBy = Server->Alone;
    Inner.Callable = constantCallable(substitute(State, Call, Later.Callable));
    for (const Value &Argument : Later.Arguments)
      Inner.Arguments.push_back(substitute(State, Call, Argument));
    if (!Inner.Callable.isCallable() && !Inner.Callable.isGiven()) {
      // What is called that nobody knows may synchronise through what it is given.
      for (const Value &Argument : Inner.Arguments)
        if (AccessPath Object = Argument.pointee(); Object.isKnown())
          Given.insert(Object);
    } else if (Later.Held.empty() && Later.Claims.empty()) {
      startTask(State, std::move(Inner), At, Ordinal++, IsParallel);
    }
  }
  --DeferredDepth;
  return Given;
}

void FunctionInterpreter::startRun(AbstractState &State, ThreadRun Run, Position At,
                                   uint32_t Ordinal, bool IsParallel) {
  auto [Known, IsNew] = RunIndex.try_emplace({At, Ordinal}, Runs.size());
  uint32_t Index = Known->second;
  if (IsNew) {
    Runs.emplace_back();
    RunLive.emplace_back();
    RunPlace.emplace_back();
    RunPosition.push_back(At);
  }
  if (IsRecording) {
    RunLive[Index] = State.Live;
    RunPlace[Index] = placeInTeam(State, nullptr);
    // Parts of one thread: started at once, by the same spawn, and not by two that a pack of
    // arguments makes of one place.
    std::map<uint32_t, uint32_t> Ordinals;
    for (auto It = RunIndex.lower_bound({At, 0}); It != RunIndex.end() && It->first.first == At;
         ++It)
      Ordinals[It->second] = Ordinals::outermost(It->first.second);
    RunLive[Index].eraseIf([&](const auto &Entry) {
      return Entry.first != Index && RunPosition[Entry.first] == At && Runs[Entry.first].Origin &&
             Ordinals[Entry.first] == Ordinals[Index] &&
             Runs[Entry.first].Origin->Spawn == Run.Origin->Spawn;
    });
    // One thread does its tasks one after the other.
    if (Run.ServedBy.isKnown())
      RunLive[Index].eraseIf([&](const auto &Entry) {
        return Entry.first == Index || Entry.second.Serves.count(Run.ServedBy) ||
               Entry.second.Handle == Run.ServedBy || Entry.second.ServedBy == Run.ServedBy;
      });
    if (IsParallel)
      RunLive[Index][Index] = {};
  }
  // What was set before the first other thread, that one finds set.
  if (State.Live.empty())
    State.Notes.Raised = {};
  LiveThread Started;
  Started.Handle = Run.Handle;
  // What was joined by this name was another thread.
  if (Run.Handle.isKnown())
    State.Past.erase(Run.Handle);
  Started.IsDetached = Run.IsDetached;
  Started.IsLost = Run.IsLost;
  Started.IsCertain = Run.IsCertain;
  Started.IsMany = IsParallel || State.Live.count(Index);
  Started.Serves = Run.Serves;
  Started.ServedBy = Run.ServedBy;
  // Those that were started here before go by the same number.
  Started.Facts = State.Facts;
  Started.Past = Run.Past;
  for (const HeldLock &Lock : State.certainlyHeld())
    if (!Lock.IsShared && Lock.Path.isKnown() && Lock.Path.isPrecise())
      Started.Gates.insert(Lock.Path);
  if (auto Before = State.Live.find(Index); Before != State.Live.end()) {
    Started.IsAgain = true;
    Started.StaleBefore = Before->second.Stale;
    Started.StaleBefore.unite(Before->second.StaleBefore);
    Started.Facts.intersect(Before->second.Facts);
    Started.Gates.intersect(Before->second.Gates);
    Started.Past.intersect(Before->second.Past);
  }
  State.Live[Index] = std::move(Started);
  const PathSet Served = Run.Serves;
  if (IsRecording)
    Runs[Index] = std::move(Run);
  if (!Served.empty())
    startOffered(State, Served, At, Ordinal);
}
