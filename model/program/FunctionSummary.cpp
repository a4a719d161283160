// From what was seen while running a function to its summary: pairs, signals, what leaves it.
#include "model/program/FunctionInterpreter.h"

#include <algorithm>

using namespace heddle;

void FunctionInterpreter::performHere(const AbstractState &State, const Event &E,
                                      const AccessPath &Path) {
  Operation Op;
  Op.Kind = E.Kind;
  Op.Flags = E.Flags;
  Op.Statement = E.Statement;
  Op.In = Id;
  Op.Path = Path;
  Op.LocalPath = E.Path;
  Op.Where = E.Where;
  if (Result.HasFence)
    Op.Flags &= ~static_cast<uint64_t>(Relaxed);
  if (E.has(Atomic) && !E.Values.empty()) {
    Value Stored = State.resolve(E.Values[0]);
    if (Stored.What == Value::PointsTo && Stored.Path.root() == RootKind::Heap)
      Op.Flags |= MakesPublic;
  }
  // Who reads what an atomic wrote comes after the writing itself, too.
  if (E.has(Atomic) && !(Op.Flags & Relaxed) && !E.has(Usage) && Op.isWrite())
    Op.Signals.insert(Path);
  if (!E.Elements.Indices.empty()) {
    TeamPlace Place;
    Place.Phases = {0};
    Place.Elements = E.Elements;
    Op.Team = std::make_shared<const TeamPlace>(std::move(Place));
  }
  perform(State, std::move(Op));
}

void FunctionInterpreter::perform(const AbstractState &State, Operation Op) {
  if (!Op.Origin) {
    for (const auto &[Branch, Way, IsClaimed] : State.Assumed)
      Op.Flags |= IsClaimed ? Claimed : Selective;
    Op.Locks.insert(Op.Locks.end(), State.Held.begin(), State.Held.end());
    addTests(State, Op);
    if (Op.isWrite())
      findStaleCheck(State, Op);
  }
  Op.Team = placeInTeam(State, Op.Team);
  if (Op.Phase.empty()) // of this function itself
    Op.Phase = State.Phase;
  Op.Waited.unite(State.Waited);
  // Who ends an object has asked under some lock whether anybody still needs it.
  if ((Op.Flags & Ends) && !(Op.Flags & Dispatch))
    Op.Waited.unite(State.Passed);
  Op.Believed.unite(State.Believed);
  // What ran before in the callee was joined there; what ran before the call was joined here.
  std::vector<std::pair<uint32_t, PathSet>> Live;
  for (const auto &[Run, Thread] : State.Live)
    // What starts a thread behind a call says in its result whether it has, and who is told that
    // it has not clears up.
    if (!Op.Joined.count(Thread.Handle) &&
        !((Op.Flags & Ends) && Runs[Run].Origin && !Runs[Run].Origin->Calls.empty()))
      Live.emplace_back(Run, Thread.Stale);
  Op.Joined.unite(State.Joined);
  Pending.push_back({std::move(Op), Now, std::move(Live)});
}

void FunctionInterpreter::addSignalsAfter() {
  // Backwards over blocks: what may still be signalled once a block is left.
  size_t Count = Function.Blocks.size();
  std::vector<PathSet> Within(Count), After(Count);
  for (const auto &[At, Object] : SignalEvents)
    Within[At.Block].insert(Object);
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (size_t B = Count; B-- > 0;)
      for (const Edge &Way : Function.Blocks[B].Successors) {
        Changed |= After[B].unite(After[Way.To]);
        Changed |= After[B].unite(Within[Way.To]);
      }
  }
  auto From = [&](Position At) {
    PathSet Result = After[At.Block];
    for (const auto &[Place, Object] : SignalEvents)
      if (Place.Block == At.Block && Place.Event > At.Event)
        Result.insert(Object);
    return Result;
  };
  for (PendingOperation &P : Pending) {
    PathSet Later = From(P.At);
    P.Op.Signals.unite(Later);
  }
  // A thread that was joined here has happened before whatever is signalled from there on.
  for (const auto &[Run, At] : JoinPosition) {
    PathSet Later = From(At);
    for (Operation &Op : Runs[Run].Operations)
      Op.Signals.unite(Later);
  }
  for (const auto &[At, Object] : SignalEvents)
    Result.Signals.insert(Object);
}

namespace {

/// Of two accesses that race: a write before a read, what lacks a lock before what has one, then
/// what stands first.
bool blameFirst(const Operation &Op, const Operation &Other) {
  if (Op.isWrite() != Other.isWrite())
    return Op.isWrite();
  if ((Op.Flags & Ends) != (Other.Flags & Ends))
    return Op.Flags & Ends;
  if (Op.Locks.empty() != Other.Locks.empty())
    return Op.Locks.empty();
  return !(Other.Where < Op.Where);
}

} // namespace

void FunctionInterpreter::collectPairs(const Operation &Op, const PathSet &Stale,
                                       const std::vector<Operation> &Others, bool SameTeam) {
  for (const Operation &Other : Others) {
    if (Op.Path.root() != Other.Path.root() || Op.Path.rootId() != Other.Path.rootId())
      continue;
    if (Op.Check || Other.Check)
      collectStaleActs(Op, Other, Stale);
    if (isRace(Unit, Op, Other, Stale, SameTeam)) {
      bool OpFirst = blameFirst(Op, Other);
      Program.Races.push_back({Id, OpFirst ? Op : Other, OpFirst ? Other : Op});
      continue;
    }
    if (isAtomicConflict(Unit, Op, Other, Stale, SameTeam)) {
      bool OpFirst = (Op.Flags & (Split | MakesPublic)) &&
                     (!(Other.Flags & (Split | MakesPublic)) || Op.Where < Other.Where);
      Program.AtomicConflicts.push_back({Id, OpFirst ? Op : Other, OpFirst ? Other : Op});
      continue;
    }
    bool Closes = Op.Kind == EventKind::Close && Other.Kind == EventKind::Send;
    bool ClosedBy = Op.Kind == EventKind::Send && Other.Kind == EventKind::Close;
    if ((Closes || ClosedBy) && Op.Path == Other.Path && Op.Path.isPrecise() &&
        std::none_of(Stale.begin(), Stale.end(),
                     [&](const AccessPath &Root) { return Op.Path.startsWith(Root); }) &&
        !isOrdered(Op, Other, Op.Path))
      Program.Closes.push_back({Id, Closes ? Op : Other, Closes ? Other : Op});
  }
}

bool FunctionInterpreter::isHandedOver(const AccessPath &Path) const {
  return isVisibleOutside(Path) || Path.root() == RootKind::Parameter ||
         Path.root() == RootKind::Capture;
}

bool FunctionInterpreter::isVisibleOutside(const AccessPath &Path) const {
  switch (Path.root()) {
  case RootKind::Global:
  case RootKind::Return:
    return true;
  case RootKind::Parameter:
  case RootKind::Capture:
    return Path.derefs() > 0;
  default:
    return false;
  }
}

namespace {

/// Operations that say the same to a caller.
bool tellsSame(const Operation &A, const Operation &B) {
  auto OriginOf = [](const Operation &Op) { return Op.Origin ? Op.Origin->Spawn : SourceRange(); };
  return A.Kind == B.Kind && A.Where == B.Where && A.Path == B.Path && A.Locks == B.Locks &&
         OriginOf(A) == OriginOf(B) && A.Check == B.Check &&
         (A.Team == B.Team || (A.Team && B.Team && *A.Team == *B.Team));
}

void addOperation(std::vector<Operation> &To, const Operation &Op) {
  if (To.size() >= Summary::MaxOperations)
    return;
  for (const Operation &Known : To)
    if (tellsSame(Known, Op))
      return;
  To.push_back(Op);
}

} // namespace

void FunctionInterpreter::describeClose(ConcurrentPair &Pair) const {
  // What either thread does with the channel besides decides who is to blame, and what to do.
  auto SameThread = [](const Operation &A, const Operation &B) {
    return (!A.Origin && !B.Origin) || (A.Origin && B.Origin && A.Origin->Spawn == B.Origin->Spawn);
  };
  Pair.HasOneSender = Pair.Second.Origin != nullptr;
  auto Look = [&](const Operation &Op) {
    if (!(Op.Path == Pair.First.Path))
      return;
    if (SameThread(Op, Pair.First)) {
      Pair.CloserReceives |= Op.Kind == EventKind::Receive;
      Pair.CloserSends |= Op.Kind == EventKind::Send;
    } else if (Op.Kind == EventKind::Send && !SameThread(Op, Pair.Second)) {
      Pair.HasOneSender = false;
    }
    if (SameThread(Op, Pair.Second))
      Pair.SenderCloses |= Op.Kind == EventKind::Close;
  };
  for (const PendingOperation &P : Pending)
    Look(P.Op);
  for (uint32_t Run = 0; Run < Runs.size(); ++Run) {
    for (const Operation &Op : Runs[Run].Operations)
      Look(Op);
    // A spawn that meets itself stands for several threads.
    if (RunLive[Run].count(Run) && Pair.Second.Origin && Runs[Run].Origin &&
        Runs[Run].Origin->Spawn == Pair.Second.Origin->Spawn)
      Pair.HasOneSender = false;
  }
}

void FunctionInterpreter::summarize() {
  size_t FirstClose = Program.Closes.size();
  for (const PendingOperation &P : Pending)
    for (const auto &[Run, Stale] : P.Live)
      collectPairs(P.Op, Stale, Runs[Run].Operations);
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (const auto &[Other, Thread] : RunLive[Run]) {
      // Runs of one spawn have objects of their own beside those that they share.
      PathSet Stale = Thread.Stale;
      if (Other == Run)
        for (uint32_t Site : Runs[Run].HeapSites)
          Stale.insert({RootKind::Heap, Site});
      for (const Operation &Op : Runs[Run].Operations)
        collectPairs(Op, Stale, Runs[Other].Operations, Other == Run && isTeam(Runs[Run]));
    }
  for (size_t I = FirstClose; I < Program.Closes.size(); ++I)
    describeClose(Program.Closes[I]);
  collectOutlived();
  Program.Threads.insert(Program.Threads.end(), Runs.begin(), Runs.end());

  const AbstractState &Exit = In[FunctionFacts::ExitBlock];
  for (const PendingOperation &P : Pending)
    if (isVisibleOutside(P.Op.Path)) {
      addOperation(Result.Operations, P.Op);
      noteGuarded(P.Op);
    }
  // From outside, all that a team does is done where the team was started.
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    if (isTeam(Runs[Run]))
      for (Operation &Op : Runs[Run].Operations)
        Op.Team = RunPlace[Run];
  Result.Phases = Exit.Phases;
  std::map<uint32_t, uint32_t> Passed; ///< Index among the summary's runs, by run.
  for (uint32_t Run = 0; Run < Runs.size(); ++Run) {
    auto Left = Exit.Live.find(Run);
    bool IsOver = Left == Exit.Live.end() && Exit.Reachable;
    if (!IsOver || Runs[Run].Callable.isKnown()) {
      ThreadRun Outliving;
      Outliving.IsOver = IsOver;
      Passed[Run] = Result.Running.size();
      Outliving.Origin = Runs[Run].Origin;
      Outliving.HeapSites = Runs[Run].HeapSites;
      Outliving.Callable = Runs[Run].Callable;
      Outliving.Arguments = Runs[Run].Arguments;
      Outliving.CallsUnknown = Runs[Run].CallsUnknown;
      Outliving.Terminates = Runs[Run].Terminates;
      Outliving.JoinsAtEnd = Runs[Run].JoinsAtEnd;
      for (const GivenObject &G : Runs[Run].Given)
        if (isVisibleOutside(G.Object))
          Outliving.Given.push_back(G);
      Outliving.Waited = Runs[Run].Waited;
      for (const AccessPath &Signal : Runs[Run].Signals)
        if (Runs[Run].Callable.isKnown() || isHandedOver(Signal))
          Outliving.Signals.insert(Signal);
      if (Left != Exit.Live.end()) {
        Outliving.IsDetached = Left->second.IsDetached;
        Outliving.IsCertain = Left->second.IsCertain;
      }
      Outliving.Handle = Left != Exit.Live.end() ? Left->second.Handle : Runs[Run].Handle;
      for (const Operation &Op : Runs[Run].Operations)
        if (isVisibleOutside(Op.Path) || Op.Path.root() == RootKind::Heap)
          addOperation(Outliving.Operations, Op);
      Result.Running.push_back(std::move(Outliving));
      continue;
    }
    for (const Operation &Op : Runs[Run].Operations)
      if (isVisibleOutside(Op.Path))
        addOperation(Result.Operations, Op);
  }
  for (const auto &[Run, Index] : Passed)
    for (const auto &[Other, Thread] : RunLive[Run])
      if (auto Beside = Passed.find(Other); Beside != Passed.end())
        Result.Running[Index].Beside.insert(Beside->second);
  if (!Exit.Reachable)
    return;
  summarizeLocks(Exit);
  Result.Phase = Exit.Phase;
  for (const auto &[Path, Guard] : Exit.Guards)
    if (isVisibleOutside(Path))
      Result.Guards.insert({Path, Guard});
  for (const auto &[Path, Held] : Exit.Pointers)
    if (isVisibleOutside(Path) && Path.steps().size() <= 4)
      Result.Pointers.insert({Path, Held});
  for (const AccessPath &Object : Exit.Waited)
    if (isHandedOver(Object))
      Result.Waited.insert(Object);
  for (const Handover &H : Exit.Believed)
    if (isHandedOver(H.Path))
      Result.Believed.insert(H);
  Result.Signals.eraseIf([&](const AccessPath &P) { return !isHandedOver(P); });
  Result.Joined.eraseIf([&](const AccessPath &P) { return !isHandedOver(P); });
  Result.Taken.eraseIf([&](const AccessPath &P) { return !isVisibleOutside(P); });
  if (auto Copy = Exit.Copies.find({RootKind::Return, 0}); Copy != Exit.Copies.end())
    Result.ResultCopy = Copy->second;
  summarizeObserved(Exit);
  dropEscapesUnderLock();
  for (const auto &[Path, Owed] : Exit.Obligations)
    for (const AccessPath &Holder : Owed.Holders)
      if (Holder.root() == RootKind::Return && Owed.Slot == InvalidId)
        Result.Returning[Holder] = Owed;
}

void FunctionInterpreter::collectMissedObligations() {
  for (uint32_t Slot = 0; Slot < Function.Parameters.size(); ++Slot)
    if (!Function.Parameters[Slot].Cancels.empty() &&
        !PendingAtExit.count({RootKind::Parameter, Slot}))
      Result.Discharged.insert(Slot);
  for (const auto &[Path, Owed] : PendingAtExit) {
    if (Owed.Slot != InvalidId)
      continue;
    Program.Missed.push_back({Id, Path, Owed.Made, Owed.Places, Owed.Statement,
                              Owed.Places.size() == Exits && !Met.count(Path)});
  }
}
