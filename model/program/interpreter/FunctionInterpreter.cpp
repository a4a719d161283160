#include "model/program/interpreter/FunctionInterpreter.h"

#include "model/program/interpreter/FlagClaims.h"
#include "model/program/interpreter/Worklist.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

FunctionInterpreter::FunctionInterpreter(ProgramModel &Program, FunctionId Function, LockWays Ways)
    : Program(Program), Unit(Program.Facts), Id(Function),
      Function(Program.Facts.Functions[Function]), Ways(std::move(Ways)) {}

void FunctionInterpreter::run() {
  Result.IsComputed = true;
  if (Function.Blocks.empty())
    return;
  Result.HasFence = seesFence();
  StartsThreads = startsThreads();
  reachFixpoint();
  askBeforeWaits(); // Of operations that are alike, those that have waited for less tell more.
  record();
  addSignalsAfter();
  addPublishedAfter();
  addToldAfter();
  dropChosenOrders();
  findLockCycles();
  summarize();
  collectMissedObligations();
  Program.Summaries[Id] = std::move(Result);
}

void FunctionInterpreter::reachFixpoint() {
  In.resize(Function.Blocks.size());
  AbstractState &Entry = In[FunctionFacts::EntryBlock];
  Entry.Reachable = true;
  for (uint32_t Slot = 0; Slot < Function.Parameters.size(); ++Slot)
    if (const auto &Cancels = Function.Parameters[Slot].Cancels; !Cancels.empty())
      Entry.Obligations[{RootKind::Parameter, Slot}] = {
          Function.NameRange, InvalidId, Slot, {Cancels.begin(), Cancels.end()}};
  Entry.Phase = {SourceRange()};
  Entry.Phases = {0};
  for (const AnnotatedLock &Lock : Function.Requires)
    Entry.acquireGiven(Lock.Path, Lock.IsShared, Function.NameRange);
  Worklist Work(Function);
  // Every fact only grows or only shrinks, so this ends; the bound is for functions of a size that
  // no answer is worth waiting for.
  size_t Budget = 64 * Function.Blocks.size() + 256;
  while (!Work.empty() && Budget-- > 0) {
    uint32_t Next = Work.take();
    AbstractState After = transfer(Next);
    const Block &B = Function.Blocks[Next];
    if (B.Successors.size() != 1 || B.Successors[0].To == FunctionFacts::ExitBlock)
      After.dropFailed();
    for (uint32_t I = 0; I < B.Successors.size(); ++I) {
      const Edge &Way = B.Successors[I];
      // Who throws or ends the program does not come back to the caller with what it holds.
      if (Way.To == FunctionFacts::ExitBlock && B.Leaves != Leaving::Normally)
        continue;
      std::optional<AbstractState> OnEdge;
      if (!Way.Events.empty())
        OnEdge = After;
      for (const Event &E : Way.Events)
        applyPlaced(*OnEdge, E, {Next, static_cast<uint32_t>(B.Events.size() + 1 + I)});
      if (In[Way.To].join(OnEdge ? *OnEdge : After))
        Work.add(Way.To);
    }
  }
}

AbstractState FunctionInterpreter::transfer(uint32_t Block) {
  AbstractState State = In[Block];
  Ways.correctAtEntry(Block, State.Held);
  const auto &Events = Function.Blocks[Block].Events;
  for (uint32_t I = 0; I < Events.size(); ++I)
    applyPlaced(State, Events[I], {Block, I});
  return State;
}

void FunctionInterpreter::record() {
  IsRecording = true;
  for (uint32_t B = 0; B < Function.Blocks.size(); ++B) {
    if (!In[B].Reachable)
      continue;
    AbstractState After = transfer(B);
    const Block &Source = Function.Blocks[B];
    for (uint32_t I = 0; I < Source.Successors.size(); ++I)
      for (const Event &E : Source.Successors[I].Events)
        if (E.Kind == EventKind::Wait || E.Kind == EventKind::Signal) {
          AbstractState OnEdge = After;
          applyPlaced(OnEdge, E, {B, static_cast<uint32_t>(Source.Events.size() + 1 + I)});
        }
    bool Leaves = std::any_of(Source.Successors.begin(), Source.Successors.end(),
                              [](const Edge &E) { return E.To == FunctionFacts::ExitBlock; });
    bool EndsProgram = Source.Leaves != Leaving::Normally && Source.Leaves != Leaving::Throws;
    // That no handler matches is possible for the graph only: most are written for what is thrown.
    bool IsDispatch = std::any_of(Function.TryBlocks.begin(), Function.TryBlocks.end(),
                                  [&](const TryBlock &Try) { return Try.Dispatch == B; });
    if (!Leaves || EndsProgram || IsDispatch)
      continue;
    SourceRange Place = Function.BodyEnd;
    Value Returned;
    for (const Event &E : Source.Events)
      if (E.Kind == EventKind::Return) {
        Place = E.Where;
        Returned = E.Values[0];
      }
    if (Source.Leaves == Leaving::Normally) {
      noteOutcome(After, Returned);
      notePrimitivesLeft(After, Place);
    }
    ++Exits;
    for (const auto &[Path, Owed] : After.Obligations) {
      bool IsReturned = std::any_of(Owed.Holders.begin(), Owed.Holders.end(),
                                    [](const auto &P) { return P.root() == RootKind::Return; });
      if (IsReturned)
        continue;
      PendingAtExit[Path].Made = Owed.Where;
      PendingAtExit[Path].Slot = Owed.Slot;
      PendingAtExit[Path].Statement = Owed.Statement;
      PendingAtExit[Path].Places.push_back(Place);
    }
  }
  callAtExit();
  IsRecording = false;
}

void FunctionInterpreter::apply(AbstractState &State, const Event &E, Position At) {
  Now = At;
  if (IsRecording && !State.Held.empty())
    noteWorkUnderLocalLocks(State, E);
  bool IsCall = E.Kind == EventKind::Call || E.Kind == EventKind::CallValue ||
                E.Kind == EventKind::UnknownCall;
  if (!State.Tests.empty() && (IsCall || E.Kind == EventKind::Write))
    State.Tests.changeIf(
        [&](const AccessPath &Path, const std::vector<ValueTest> &Tests) {
          return !(Path == E.Path) &&
                 !std::all_of(Tests.begin(), Tests.end(), [](const auto &T) { return T.HasWork; });
        },
        [](const AccessPath &, std::vector<ValueTest> &Tests) {
          for (ValueTest &T : Tests)
            T.HasWork = true;
        });
  // What a call returns is something else each time, for all that is known.
  if (IsCall && E.Path.root() == RootKind::Temporary && !State.Live.empty())
    State.fresh(E.Path);
  applyPrimitive(State, E);
  switch (E.Kind) {
  case EventKind::Read:
  case EventKind::Write:
  case EventKind::Update:
    applyAccess(State, E);
    break;
  case EventKind::Store:
    applyStore(State, E);
    break;
  case EventKind::Ready:
    State.Ready.insert(State.syncObject(E.Path));
    // In a loop, what an iterator leads to has other names in other rounds.
    State.Ready.insert(E.Path);
    break;
  case EventKind::Fresh:
    State.fresh(E.Path);
    if (StartsThreads)
      State.forgetFacts(E.Path);
    if (E.has(Raw)) {
      PrimitiveState Empty;
      Empty.May = PrimitiveState::NotYet;
      Empty.Since = E.Where;
      State.Primitives.set(E.Path, Empty);
    }
    if (IsRecording && E.Path.root() == RootKind::Heap)
      Result.HeapSites.insert(E.Path.rootId());
    break;
  case EventKind::End:
    applyEnd(State, E);
    break;
  case EventKind::Move:
    if (E.Values[0].What == Value::Load) {
      AccessPath From = State.resolve(E.Values[0].Path), To = State.resolve(E.Path);
      if (E.has(OfGuard)) {
        if (E.has(Replaces) && (State.Guards.count(To) || isGivenGuard(To))) {
          noteGuardReleased(State, To);
          State.unlockGuard(To, isGivenGuard(To), /*Forget=*/false);
        }
        State.moveGuard(From, To, isGivenGuard(From));
        break;
      }
      bool FromCaller = From.isGiven();
      if (IsRecording && FromCaller && isVisibleOutside(To))
        Result.Moves.emplace_back(From, To);
      if (IsRecording && From.isKnown() && To.isKnown())
        renameSignals(From, To);
      State.move(From, To);
    }
    break;
  case EventKind::Call:
    applyCall(State, E, bindDirect(State, E), At);
    Ways.correctBehind(At.Block, At.Event, State.Held);
    break;
  case EventKind::CallValue: {
    // Calling the object that owes a cancel is the cancel.
    Value Target = State.resolve(E.Values[0]);
    if (Target.What == Value::Load || Target.What == Value::PointsTo)
      meet(State, Target.Path);
    size_t FirstUse = Uses.size();
    applyCallOfValue(State, E, At);
    noteOnceRun(State, E, FirstUse);
    Ways.correctBehind(At.Block, At.Event, State.Held);
    break;
  }
  case EventKind::Serve:
    if (AccessPath Object = State.syncObject(E.Path); Object.isKnown())
      Result.Serves.insert(Object);
    break;
  case EventKind::Offer:
    applyOffer(State, E, At);
    break;
  case EventKind::LockPoll:
    applyLockPoll(State, E);
    break;
  case EventKind::CallOutcome:
    applyCallOutcome(State, E);
    break;
  case EventKind::UnknownCall:
    applyUnknown(State, E);
    break;
  case EventKind::Spawn:
  case EventKind::Join:
  case EventKind::Detach:
  case EventKind::StopThread:
  case EventKind::Destroy:
    if (!E.has(Primitive))
      applyThread(State, E, At);
    break;
  case EventKind::Acquire:
  case EventKind::Release:
  case EventKind::GuardMake:
  case EventKind::GuardLock:
  case EventKind::GuardUnlock:
  case EventKind::GuardDisown:
  case EventKind::GuardOwned:
  case EventKind::GuardFree:
    applyGuard(State, E);
    break;
  case EventKind::Signal:
  case EventKind::Wait: {
    AccessPath Object = State.syncObject(E.Path);
    if (E.Kind == EventKind::Wait)
      noteOnceWait(State, E, Object);
    if (E.Kind == EventKind::Signal && Object.isKnown())
      State.Ready.insert(Object);
    if (E.Kind == EventKind::Wait)
      for (const HeldLock &Lock : State.Held)
        State.Seen.WaitedUnder.insert(Lock.Path);
    if (E.Kind == EventKind::Wait && !E.Values.empty()) {
      for (const HeldLock &Lock : State.Held)
        State.openGate(Lock.Path);
      applyConditionWait(State, E);
    }
    if (!Object.isKnown())
      break;
    if (E.Kind == EventKind::Wait) {
      noteSeen(State, Object, E.Where);
      if (E.has(Meeting))
        State.Phase = {E.Where};
    } else if (IsRecording) {
      SignalEvents.emplace_back(At, Object);
      if (!State.Waited.empty() || !State.Notes.Noticed.empty())
        performHere(State, E, Object);
    }
    break;
  }
  case EventKind::ChannelMake:
    break;
  case EventKind::Send:
  case EventKind::Receive:
  case EventKind::Close:
    applyChannel(State, E, State.resolve(E.Path));
    break;
  case EventKind::CancelMake:
    if (!E.has(Stops))
      owe(State, E.Path, E);
    break;
  case EventKind::Cancel:
    signalContext(State, State.resolve(E.Path));
    [[fallthrough]];
  case EventKind::Escape:
    meet(State, State.resolve(E.Path));
    State.loseHandle(State.resolve(E.Path));
    break;
  case EventKind::TokenTaken:
    break;
  case EventKind::Fence: // see seesFence
    break;
  case EventKind::Passed:
    applyPassed(State, E);
    break;
  case EventKind::Assume:
    State.Assumed.insert({E.Where.Begin, static_cast<uint32_t>(E.Values[0].Number),
                          E.has(OfOneThread) ? OfOneThread
                          : E.has(Claimed)   ? Claimed
                                             : Selective});
    break;
  case EventKind::Barrier:
    State.Phases = {static_cast<uint32_t>(E.Values[0].Number)};
    break;
  case EventKind::Choose:
    State.Choices.insert({static_cast<uint32_t>(E.Values[0].Number), E.Values[1].Number});
    break;
  case EventKind::Return:
    if (IsRecording) {
      Value Returned = State.resolve(E.Values[0]);
      noteEscape(State, EscapedReference::Returned, Returned, E.Where);
      for (const Value &Alternative : llvm::drop_begin(E.Values))
        noteEscape(State, EscapedReference::Returned, State.resolve(Alternative), E.Where);
      if (Returned.What == Value::Constant)
        Returned = Value(); // of interest only as an outcome
      if (!HasReturned)
        Result.Returned = Returned;
      else if (!(Result.Returned == Returned))
        Result.Returned = Value();
      HasReturned = true;
    }
    break;
  case EventKind::Copied:
    applyCopied(State, E);
    noteSource(State, E);
    break;
  case EventKind::Found:
    applyFound(State, E);
    noteFound(State, E);
    break;
  case EventKind::Derive:
    applyDerive(State, E);
    break;
  case EventKind::Test:
    applyTest(State, E);
    noteFound(State, E);
    break;
  case EventKind::Use:
    applyUse(State, E);
    break;
  case EventKind::Suspend:
    if (std::vector<HeldLock> Held = State.certainlyHeld(); IsRecording && !Held.empty())
      Program.Suspensions.push_back({Id, E.Where, std::move(Held), {}});
    break;
  case EventKind::Inputs:
  case EventKind::Handler: // see SignalHandlers.h
  case EventKind::Hazard:
    break;
  case EventKind::CancelPoint:
    noteCancelPoint(State, E);
    break;
  case EventKind::Block:
    applyBlock(State, E);
    if (E.Values.size() > 2) // the next call waits
      State.Ready.eraseIf([&](const AccessPath &Path) { return Path == E.Values[2].Path; });
    break;
  case EventKind::AtExit:
    noteAtExit(State.resolve(E.Values[0]));
    break;
  case EventKind::TryLock: // see LockFlow
  case EventKind::GuardTry:
  case EventKind::GuardAsk:
  case EventKind::LockInit:
  case EventKind::LockKind:
  case EventKind::LockRobust:
  case EventKind::ThreadExit:
  case EventKind::NoneHeld:
  case EventKind::SpawnAsk: // see ThreadFlags.h
    return;
  case EventKind::Judged:
    if (StartsThreads)
      State.learn(Function.Judgements[E.Values[0].Number]);
    return;
  }
  dropFoundClear(State);
  tell(State, At);
  Described = E.Kind == EventKind::Inputs ? &E : nullptr;
}

void FunctionInterpreter::applyStore(AbstractState &State, const Event &E) {
  AccessPath Where = State.resolve(E.Path);
  Value Held = State.resolve(E.Values[0]);
  if (E.has(Inserts))
    return E.has(Raw) ? State.noteNoElements(Where) : State.addElement(Where, Held);
  if (Held.What == Value::Load && State.owes(Held.Path))
    State.copyObligations(Held.Path, Where);
  if (Held.What == Value::PointsTo && State.owes(Held.Path))
    State.copyObligations(Held.Path, Where.deref());
  borrow(State, E, Where, Held);
  State.store(Where, Held);
}

void FunctionInterpreter::owe(AbstractState &State, const AccessPath &Object, const Event &E) {
  // What is made for somebody else's object is that object's affair.
  if (Object.root() == RootKind::Local || Object.root() == RootKind::Temporary ||
      Object.root() == RootKind::Return)
    State.Obligations[Object] = {E.Where, E.Statement, InvalidId, {Object}};
}

void FunctionInterpreter::meet(AbstractState &State, const AccessPath &Object) {
  if (!State.owes(Object))
    return;
  SharedMap<AccessPath, Obligation> Before;
  if (IsRecording)
    Before = State.Obligations;
  State.discharge(Object);
  for (const auto &[Path, Owed] : Before)
    if (!State.Obligations.count(Path))
      Met.insert(Path);
}

void FunctionInterpreter::signalContext(const AbstractState &State, const AccessPath &Cancel) {
  if (!IsRecording || Cancel.steps().empty())
    return;
  // The context stands beside its cancel in what made both.
  AccessPath Made = Cancel.prefix(Cancel.steps().size() - 1);
  for (const auto &[Handle, Held] : State.Pointers)
    if (Handle.startsWith(Made) && Held.What == Value::PointsTo)
      SignalEvents.emplace_back(Now, Held.Path);
}

void FunctionInterpreter::applyAccess(AbstractState &State, const Event &E) {
  AccessPath Path = State.resolve(E.Path);
  bool IsOrdered = E.has(Atomic) && !E.has(Usage) && (!E.has(Relaxed) || Result.HasFence);
  if (IsRecording && Path.isKnown() && !E.has(Usage) && E.Kind != EventKind::Read)
    notePublished(E, Path);
  if (IsOrdered && Path.isKnown()) {
    // An acquire load may have seen what a release store published. Where nobody asks what it has
    // seen, it need not have.
    if (E.Kind != EventKind::Write && !E.has(Takes) && !E.has(ResultUnused))
      noteSeen(State, Path, E.Where);
    if (E.Kind != EventKind::Read && IsRecording)
      SignalEvents.emplace_back(Now, Path);
  }
  if (!Path.isKnown())
    return;
  if (IsRecording)
    performHere(State, E, Path);
  if (E.Kind != EventKind::Read) {
    State.Tests.erase(Path);
    noteFlagWritten(State, Path, E.Flags);
    noteFlagChanged(State, E, Path);
  }
  if (E.Kind == EventKind::Read || (State.Seen.empty() && State.Held.empty()))
    return;
  claimBorrows(State, Path);
  State.Seen.noteWrite(Path, State.Held);
}

void FunctionInterpreter::applyChannel(AbstractState &State, const Event &E,
                                       const AccessPath &Path) {
  if (!Path.isKnown())
    return;
  auto IsAmong = [&](const std::set<EntityId> &Semaphores) {
    return E.has(Semaphore) &&
           (Semaphores.count(Path.subject()) || Semaphores.count(E.Path.subject()));
  };
  // Used as a lock it orders no more than a lock does.
  if (Path.isPrecise() && IsAmong(Program.SemaphoreLocks)) {
    if (E.Kind == EventKind::Receive) {
      noteTaken(Path);
      State.acquire(Path, /*IsShared=*/false, E.Where);
    } else {
      noteReleased(Path);
      State.release(Path);
    }
    if (IsRecording)
      performHere(State, E, Path);
    return;
  }
  if (IsAmong(Program.SharedSemaphores)) {
    if (IsRecording)
      performHere(State, E, Path);
    return;
  }
  // With a bounded buffer the receiver's progress orders the sender as well; a semaphore orders
  // only what comes before its release.
  if (!E.has(Semaphore) || E.Kind == EventKind::Receive)
    State.Waited.insert(Path);
  if (!IsRecording)
    return;
  if (!E.has(Semaphore) || E.Kind == EventKind::Send)
    SignalEvents.emplace_back(Now, Path);
  performHere(State, E, Path);
}

void FunctionInterpreter::noteTaken(const AccessPath &Lock) {
  if (IsRecording && Lock.isKnown())
    Result.Taken.insert(Lock);
}

void FunctionInterpreter::noteReleased(const AccessPath &Lock) {
  // Seen by whoever polls under the lock until what is guarded tells that this was done.
  if (IsRecording && Lock.isKnown())
    SignalEvents.emplace_back(Now, Lock);
}

void FunctionInterpreter::noteGuardReleased(const AbstractState &State, const AccessPath &Guard) {
  if (auto Known = State.Guards.find(Guard); Known != State.Guards.end())
    for (const AccessPath &Lock : Known->second.Locks)
      noteReleased(Lock);
}

void FunctionInterpreter::applyLockPoll(AbstractState &State, const Event &E) {
  if (E.Callee == InvalidId) {
    if (AccessPath Lock = State.resolve(E.Path); Lock.isKnown())
      State.Waited.insert(Lock);
    return;
  }
  if (Program.Summaries[E.Callee].IsComputed)
    State.Waited.unite(substitute(State, bindDirect(State, E), Program.Summaries[E.Callee].Taken));
}

void FunctionInterpreter::applyGuard(AbstractState &State, const Event &E) {
  AccessPath Path = State.resolve(E.Path);
  if (IsRecording && (E.Kind == EventKind::Acquire || E.Kind == EventKind::GuardMake ||
                      E.Kind == EventKind::GuardLock || E.Kind == EventKind::Release ||
                      E.Kind == EventKind::GuardUnlock))
    Program.LockSets.push_back({Id, E.Where, State.Held,
                                E.Kind == EventKind::Acquire ? Path
                                : E.Kind == EventKind::GuardMake && !E.Values.empty()
                                    ? guardedLock(State, E.Values[0]).Path
                                    : AccessPath()});
  switch (E.Kind) {
  case EventKind::Acquire:
    if (E.has(Given)) {
      State.acquireGiven(Path, E.has(Shared), E.Where);
      break;
    }
    noteTaken(Path);
    if (!E.has(Claimed))
      noteTaken(State, E, Path, E.has(Shared));
    State.acquire(Path, E.has(Shared), E.Where, E.has(Claimed));
    break;
  case EventKind::Release:
    noteReleased(Path);
    if (AccessPath Handover = Path.handedOver();
        IsRecording && E.has(Claimed) && Handover.isKnown() && !State.holds(Path))
      SignalEvents.emplace_back(Now, Handover);
    State.release(Path);
    break;
  case EventKind::GuardMake: {
    GuardState Made;
    Made.IsShared = E.has(Shared);
    for (const Value &Lock : E.Values) {
      HeldLock Inner = guardedLock(State, Lock);
      Made.Locks.push_back(Inner.Path);
      Made.IsInferred |= Inner.IsInferred;
    }
    Made.Owns = E.has(Deferred) || E.Values.empty() ? GuardState::No
                : E.has(Tried)                      ? GuardState::Maybe
                                                    : GuardState::Yes;
    bool Acquires = Made.Owns == GuardState::Yes && !E.has(Adopted);
    for (const AccessPath &Lock : Made.Locks)
      noteTaken(Lock);
    for (const Value &Lock : E.Values)
      if (IsRecording && State.resolve(Lock).What == Value::Null)
        Program.NullGuards.insert({E.Where, Id});
    if (Acquires)
      for (const AccessPath &Lock : Made.Locks)
        if (!Made.IsInferred)
          noteTaken(State, E, Lock, Made.IsShared);
    // Adopting what nobody seen here has taken: it was taken by the caller.
    if (E.has(Adopted))
      for (const AccessPath &Lock : Made.Locks)
        if (!State.holds(Lock))
          State.acquire(Lock, Made.IsShared, E.Where);
    State.makeGuard(Path, std::move(Made), Acquires, E.Where);
    break;
  }
  case EventKind::GuardLock:
    noteGuardTaken(State, E, Path);
    [[fallthrough]];
  case EventKind::GuardOwned:
    State.lockGuard(Path, isGivenGuard(Path), E.Where);
    break;
  case EventKind::GuardUnlock:
  case EventKind::GuardFree:
    noteGuardReleased(State, Path);
    State.unlockGuard(Path, isGivenGuard(Path), /*Forget=*/false);
    break;
  case EventKind::GuardDisown:
    State.disownGuard(Path);
    break;
  default:
    break;
  }
}
