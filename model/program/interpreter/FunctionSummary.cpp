// From what was seen while running a function to its summary: pairs, signals, what leaves it.
#include "model/program/interpreter/AfterBlocks.h"
#include "model/program/interpreter/FunctionInterpreter.h"
#include "model/program/interpreter/Relays.h"

#include "llvm/ADT/DenseMap.h"

#include <algorithm>
#include <iterator>

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
  if (E.Kind == EventKind::Signal || (E.Kind == EventKind::Send && E.has(Semaphore)))
    Op.Signals.insert(Path);
  if (Subscripts Elements = subscriptsOf(State, E, Path);
      !Elements.Indices.empty() || Elements.IsSometimes) {
    TeamPlace Place;
    Place.Phases = {0};
    Place.Elements = std::move(Elements);
    Op.Team = std::make_shared<const TeamPlace>(std::move(Place));
  }
  perform(State, std::move(Op));
}

void FunctionInterpreter::noteGoesOn(const AbstractState &State, FunctionId Callee) {
  if (IsRecording && Program.Again.Members.count(Id) && Program.Again.Members.count(Callee))
    Program.Again.GoesOn.emplace_back(Id, State.Assumed);
}

void FunctionInterpreter::perform(const AbstractState &State, Operation Op) {
  Op.Conditions.unite(State.Conditions);
  if (!Op.Origin) {
    for (const auto &[Branch, Way, Flag] : State.Assumed) {
      Op.Flags |= Flag;
      if (Flag == Claimed && !Op.ClaimedBy.isKnown())
        Op.ClaimedBy = {Id, Branch, Way};
    }
    if (IsRecording && Program.Again.Members.count(Id))
      Program.Again.Behind[{Id, Op.Calls.empty() ? Op.Where : Op.Calls.front().Where}] =
          State.Assumed;
    Op.Locks.insert(Op.Locks.end(), State.Held.begin(), State.Held.end());
    Op.Claims.insert(Op.Claims.end(), State.Claims.begin(), State.Claims.end());
    addTests(State, Op);
    if (Op.isConditionWait())
      excuseWait(State, Op);
    if (Op.isWrite())
      findStaleCheck(State, Op);
  }
  Op.Team = placeInTeam(State, Op.Team);
  if (Op.Phase.empty()) // of this function itself
    Op.Phase = State.Phase;
  Op.Waited = United.Paths.unite(Op.Waited, State.Waited);
  // Who ends an object has asked under some lock whether anybody still needs it.
  bool IsDestroying = !Op.Calls.empty() && Unit.Functions[Op.Calls.front().Callee].IsDestructor;
  if (((Op.Flags & Ends) && !(Op.Flags & Dispatch)) || IsDestroying)
    Op.Waited.unite(State.Passed);
  Op.Past = United.Paths.unite(Op.Past, State.Past);
  Op.Believed = United.Believed.unite(Op.Believed, State.Believed);
  if (!Op.Origin)
    Op.Noticed = foundUnderLocks(State, Op.Noticed);
  Op.Noticed = United.Noticed.unite(Op.Noticed, State.Notes.Noticed);
  Op.Told = United.Told.of(Op.Told, State.Notes.Told, tellAgain);
  // What ran before in the callee was joined there; what ran before the call was joined here.
  SharedList<RunBeside> Live = besides(State, Op);
  Op.Joined = United.Paths.unite(Op.Joined, State.Joined);
  Pending.push_back({std::move(Op), Now, std::move(Live), State.Notes.Told});
}

SharedList<FunctionInterpreter::RunBeside> FunctionInterpreter::besides(const AbstractState &State,
                                                                        const Operation &Op) {
  bool IsEnd = Op.Flags & Ends;
  if (State.Live.empty())
    return {};
  if (LastBeside.IsEnd == IsEnd && LastBeside.Live.shares(State.Live) &&
      LastBeside.Joined.identity() == Op.Joined.identity() &&
      LastBeside.JoinedHere.identity() == State.Joined.identity())
    return LastBeside.Answer;
  std::vector<RunBeside> Live;
  for (const auto &[Run, Thread] : State.Live)
    // What starts a thread behind a call says in its result whether it has, and who is told that
    // it has not clears up.
    if (!State.hasEnded(Run, Op.Joined) &&
        !(IsEnd && Runs[Run].Origin && !Runs[Run].Origin->Calls.empty()))
      Live.push_back({Run, Thread.Stale, Thread.Gates,
                      !Thread.MetUnknown && !State.hasEnded(Run, State.Joined)});
  LastBeside = {State.Live, Op.Joined, State.Joined, IsEnd, SharedList<RunBeside>(std::move(Live))};
  return LastBeside.Answer;
}

void FunctionInterpreter::addSignalsAfter() {
  if (SignalEvents.empty())
    return;
  std::vector<PathSet> Within(Function.Blocks.size());
  for (const auto &[At, Object] : SignalEvents)
    Within[At.Block].insert(Object);
  const std::vector<PathSet> After = unitedAfter(Function, Within);
  auto From = [&](Position At) {
    PathSet Result = After[At.Block];
    for (const auto &[Place, Object] : SignalEvents)
      if (Place.Block == At.Block && Place.Event > At.Event)
        Result.insert(Object);
    return Result;
  };
  PathSet Later;
  PathSetMemo Memo;
  auto AndLater = [&](PathSet Signals) {
    Signals.unite(Later);
    return Signals;
  };
  Position Last{InvalidId, InvalidId};
  for (PendingOperation &P : Pending) {
    if (P.At != Last) {
      Later = From(P.At);
      Memo.clear();
      Last = P.At;
    }
    P.Op.Signals = Memo.of(P.Op.Signals, AndLater);
  }
  // A thread that was joined here has happened before whatever is signalled from there on.
  for (const auto &[Run, At] : JoinPosition) {
    Later = From(At);
    Memo.clear();
    for (Operation &Op : Runs[Run].Operations)
      Op.Signals = Memo.of(Op.Signals, AndLater);
  }
  for (const auto &[At, Object] : SignalEvents)
    Result.Signals.insert(Object);
}

void FunctionInterpreter::collectPairs(const Operation &Op, const PathSet &AllStale,
                                       llvm::ArrayRef<const Operation *> Others, bool SameTeam,
                                       bool IsStarter) {
  if (Others.empty())
    return;
  // All start from the same root; what else is stale concerns none of them.
  PathSet Stale;
  for (const AccessPath &Object : AllStale)
    if (Object.root() == Op.Path.root() && Object.rootId() == Op.Path.rootId())
      Stale.insert(Object);
  for (const Operation *Each : Others) {
    const Operation &Other = *Each;
    if (Op.Check || Other.Check)
      collectStaleActs(Op, Other, Stale);
    if (Op.isConditionWait() && Other.isConditionWait()) {
      collectConditionPairs(Op, Other, Stale);
      continue;
    }
    if (isRace(Unit, Op, Other, Stale, SameTeam, IsStarter)) {
      bool OpFirst = isBlamedBefore(Op, Other);
      Program.Races.push_back({Id, OpFirst ? Op : Other, OpFirst ? Other : Op});
      continue;
    }
    if (isAtomicConflict(Unit, Op, Other, Stale, SameTeam)) {
      bool OpFirst = (Op.Flags & (Split | MakesPublic)) &&
                     (!(Other.Flags & (Split | MakesPublic)) || Op.Where < Other.Where);
      Program.AtomicConflicts.push_back({Id, OpFirst ? Op : Other, OpFirst ? Other : Op});
      continue;
    }
    collectTeardown(Op, Other, Stale);
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
  return isVisibleOutside(Path) || Path.isGiven();
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
         A.Claims == B.Claims && A.Told == B.Told && A.Noticed == B.Noticed &&
         OriginOf(A) == OriginOf(B) && A.Check == B.Check && A.Conditions == B.Conditions &&
         (A.Team == B.Team || (A.Team && B.Team && *A.Team == *B.Team));
}

/// Operations of which each says something that none before it does.
class DistinctOperations {
public:
  explicit DistinctOperations(std::vector<Operation> &To) : To(To) {}

  template <typename SomeOperation> void add(SomeOperation &&Op) {
    if (To.size() >= Summary::MaxOperations)
      return;
    llvm::SmallVector<uint32_t, 2> &Alike = ByPlace[placeOf(Op)];
    for (uint32_t Known : Alike)
      if (tellsSame(To[Known], Op))
        return;
    Alike.push_back(To.size());
    To.push_back(std::forward<SomeOperation>(Op));
  }

private:
  /// Equal for operations that tell the same.
  static std::pair<uint64_t, uint64_t> placeOf(const Operation &Op) {
    uint64_t Where = static_cast<uint64_t>(Op.Where.File) << 32 | Op.Where.Begin;
    uint64_t Path = static_cast<uint64_t>(Op.Path.root()) << 32 | Op.Path.rootId();
    return {Where, Path << 8 | static_cast<uint64_t>(Op.Kind)};
  }

  std::vector<Operation> &To;
  llvm::DenseMap<std::pair<uint64_t, uint64_t>, llvm::SmallVector<uint32_t, 2>> ByPlace;
};

/// Only reads: beside another of its kind it tells nothing.
bool isMereRead(const Operation &Op) {
  constexpr uint64_t Further = Ends | Usage | Split | MakesPublic;
  return Op.Kind == EventKind::Read && !(Op.Flags & Further) && !Op.Check;
}

/// The operations of a thread by what their paths start from: only these can meet.
class ByRoot {
public:
  explicit ByRoot(const std::vector<Operation> &Operations) {
    for (const Operation &Op : Operations) {
      Group &Alike = Known[rootOf(Op)];
      Alike.All.push_back(&Op);
      if (!isMereRead(Op))
        Alike.Others.push_back(&Op);
    }
  }
  /// Those for which the operation can be of interest.
  llvm::ArrayRef<const Operation *> beside(const Operation &Op) const {
    auto Found = Known.find(rootOf(Op));
    if (Found == Known.end())
      return {};
    return isMereRead(Op) ? Found->second.Others : Found->second.All;
  }

private:
  struct Group {
    std::vector<const Operation *> All, Others; ///< Others: all but those that only read.
  };
  static uint64_t rootOf(const Operation &Op) {
    return static_cast<uint64_t>(Op.Path.root()) << 32 | Op.Path.rootId();
  }

  llvm::DenseMap<uint64_t, Group> Known;
};

/// Those that do not have to wait first for a lock that is still held.
struct Unhindered {
  Unhindered(llvm::ArrayRef<const Operation *> Others, const PathSet &Gates) : All(Others) {
    auto Waits = [&](const Operation *Op) {
      return std::any_of(Gates.begin(), Gates.end(),
                         [&](const AccessPath &Lock) { return Op->Past.count(Lock); });
    };
    if (std::none_of(Others.begin(), Others.end(), Waits))
      return;
    std::remove_copy_if(Others.begin(), Others.end(), std::back_inserter(Left), Waits);
    All = Left;
  }
  llvm::ArrayRef<const Operation *> All;
  std::vector<const Operation *> Left;
};

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

bool FunctionInterpreter::isOnlyHandle(uint32_t Run) const {
  const AccessPath &Handle = Runs[Run].Handle;
  auto HasIt = [&](const ThreadRun &Each) { return Each.Handle == Handle; };
  return Handle.isKnown() && Handle.isPrecise() && !RunLive[Run].count(Run) &&
         std::count_if(Runs.begin(), Runs.end(), HasIt) == 1;
}

bool FunctionInterpreter::hasBehind(uint32_t Run, const Operation &Op,
                                    const AccessPath &Handle) const {
  // Who has joined a thread has behind it those that it joined.
  return Op.Past.count(Handle) || llvm::any_of(RunLive[Run], [&](const auto &Entry) {
           const auto &[Between, Thread] = Entry;
           return Between != Run && Thread.Past.count(Handle) && Op.Past.count(Thread.Handle) &&
                  isOnlyHandle(Between);
         });
}

std::vector<Operation> FunctionInterpreter::coveredOperations(uint32_t Run) const {
  std::vector<Operation> Result = Runs[Run].Operations;
  if (auto Known = Covered.find(Run); Known != Covered.end())
    for (Operation &Op : Result)
      for (const AccessPath &Lock : Known->second)
        Op.Locks.push_back({Lock, /*IsShared=*/false, Runs[Run].Origin->Spawn});
  return Result;
}

bool FunctionInterpreter::areNeverBoth(uint32_t Run, uint32_t Other,
                                       const LiveThread &Thread) const {
  const ThreadRun &Mine = Runs[Run], &Theirs = Runs[Other];
  if (!Mine.Origin || !Theirs.Origin || Mine.Origin->Spawn != Theirs.Origin->Spawn)
    return false;
  if (Mine.IsOnce && Theirs.IsOnce)
    return true;
  const AccessPath &Handle = Mine.Handle;
  bool IsMember = Handle.root() == RootKind::Local && !Handle.isRootOnly();
  return Mine.IsSole && (IsMember || isHandedOver(Handle)) && Handle.isPrecise() &&
         Handle == Thread.Handle && !Thread.IsDetached;
}

void FunctionInterpreter::collectPairs() {
  const size_t FirstClose = Program.Closes.size(), FirstRace = Program.Races.size();
  markToldByMany();
  std::vector<ByRoot> Grouped;
  for (const ThreadRun &Run : Runs)
    Grouped.emplace_back(Run.Operations);
  for (const PendingOperation &P : Pending)
    for (const auto &[Run, Stale, Gates, IsRunning] : P.Live)
      collectPairs(P.Op, Stale, Unhindered(Grouped[Run].beside(P.Op), Gates).All,
                   /*SameTeam=*/false, /*IsStarter=*/IsRunning);
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (const auto &[Other, Thread] : RunLive[Run]) {
      if (areNeverBoth(Run, Other, Thread))
        continue;
      // Runs of one spawn have objects of their own beside those that they share.
      PathSet Stale = Thread.Stale;
      if (Other == Run)
        for (uint32_t Site : Runs[Run].HeapSites)
          Stale.insert({RootKind::Heap, Site});
      // Under a lock of the starter, one is beside others as if it had it itself. Two of them may
      // be in one section.
      auto HasLock = [&](uint32_t Which) {
        auto Known = Covered.find(Which);
        return Known != Covered.end() && !Known->second.empty();
      };
      bool IsCovered = HasLock(Run) != HasLock(Other);
      std::vector<Operation> Mine, Theirs;
      if (IsCovered && HasLock(Run))
        Mine = coveredOperations(Run);
      if (IsCovered && HasLock(Other))
        Theirs = coveredOperations(Other);
      ByRoot TheirsGrouped(Theirs);
      const ByRoot &Beside = Theirs.empty() ? Grouped[Other] : TheirsGrouped;
      bool MayBeJoined = Other != Run && isOnlyHandle(Other);
      for (const Operation &Op : Mine.empty() ? Runs[Run].Operations : Mine)
        if (!(MayBeJoined && hasBehind(Run, Op, Thread.Handle)))
          collectPairs(Op, Stale, Beside.beside(Op), Other == Run && isTeam(Runs[Run]));
    }
  dropRelayed(FirstRace);
  for (size_t I = FirstClose; I < Program.Closes.size(); ++I)
    describeClose(Program.Closes[I]);
  collectLostWakeups();
  for (const PendingOperation &P : Pending)
    if (Function.IsMain && !P.Op.Origin)
      checkWaitLocks(P.Op);
  for (const ThreadRun &Run : Runs)
    if (!isTeam(Run))
      for (const Operation &Op : Run.Operations)
        checkWaitLocks(Op);
}

void FunctionInterpreter::dropRelayed(size_t FirstRace) {
  if (FirstRace == Program.Races.size())
    return;
  std::vector<const Operation *> Own;
  for (const PendingOperation &P : Pending)
    if (!P.Op.Origin)
      Own.push_back(&P.Op);
  Relays Between(Runs, Own, [&](uint32_t Run) { return RunLive[Run].count(Run) > 0; });
  Program.Races.erase(std::remove_if(Program.Races.begin() + FirstRace, Program.Races.end(),
                                     [&](const ConcurrentPair &Pair) {
                                       // Dependences of OpenMP order some tasks of several.
                                       return !Pair.First.Team && !Pair.Second.Team &&
                                              Between.areOrdered(Pair.First, Pair.Second);
                                     }),
                      Program.Races.end());
}

void FunctionInterpreter::summarizeRuns(const AbstractState &Exit) {
  DistinctOperations Own(Result.Operations);
  for (const PendingOperation &P : Pending)
    if (isVisibleOutside(P.Op.Path)) {
      noteGuarded(P.Op);
      Own.add(P.Op);
    }
  // From outside, all that a team does is done where the team was started.
  auto AddTo = [&](DistinctOperations &All, uint32_t Run, const Operation &Op) {
    if (!isTeam(Runs[Run]))
      return All.add(Op);
    Operation Placed = Op;
    Placed.Team = RunPlace[Run];
    All.add(std::move(Placed));
  };
  std::map<uint32_t, uint32_t> Passed; ///< Index among the summary's runs, by run.
  for (uint32_t Run = 0; Run < Runs.size(); ++Run) {
    auto Left = Exit.Live.find(Run);
    bool IsOver = Left == Exit.Live.end() && Exit.Reachable;
    if (!IsOver || Runs[Run].Callable.isKnown()) {
      ThreadRun Outliving(static_cast<const ThreadTraits &>(Runs[Run]));
      Outliving.IsOver = IsOver;
      for (unsigned Outcome : {0u, 1u})
        Outliving.MayRunOn[Outcome] = !LiveOn[Outcome] || LiveOn[Outcome]->count(Run);
      Passed[Run] = Result.Running.size();
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
      Outliving.Past = Runs[Run].Past;
      for (const AccessPath &Signal : Runs[Run].Signals)
        if (Runs[Run].Callable.isKnown() || isHandedOver(Signal))
          Outliving.Signals.insert(Signal);
      if (Left != Exit.Live.end()) {
        Outliving.IsDetached = Left->second.IsDetached;
        Outliving.IsLost = Left->second.IsLost;
        Outliving.IsCertain = Left->second.IsCertain;
        Outliving.Handle = Left->second.Handle;
      }
      Outliving.LockUses = std::move(Runs[Run].LockUses);
      Outliving.Serves = Runs[Run].Serves;
      DistinctOperations Outlasting(Outliving.Operations);
      for (const Operation &Op : Runs[Run].Operations)
        if (isVisibleOutside(Op.Path) || Op.Path.root() == RootKind::Heap)
          AddTo(Outlasting, Run, Op);
      Result.Running.push_back(std::move(Outliving));
      continue;
    }
    for (const Operation &Op : coveredOperations(Run))
      if (isVisibleOutside(Op.Path))
        AddTo(Own, Run, Op);
  }
  for (const auto &[Run, Index] : Passed)
    for (const auto &[Other, Thread] : RunLive[Run])
      if (auto Beside = Passed.find(Other); Beside != Passed.end())
        Result.Running[Index].Beside.insert(Beside->second);
  for (DeferredCall &Later : Result.DeferredCalls) {
    std::vector<uint32_t> Beside;
    for (uint32_t Run : Later.Beside)
      if (auto Known = Passed.find(Run); Known != Passed.end())
        Beside.push_back(Known->second);
    Later.Beside = std::move(Beside);
  }
  for (const auto &[Run, Index] : Passed)
    if (Repeated.count(Run))
      Result.Running[Index].Beside.insert(Index);
  for (const auto &[Run, Index] : Passed)
    if (auto Again = RunLive[Run].find(Run); Again != RunLive[Run].end())
      Result.Running[Index].Renewed = Again->second.Stale;
  Program.Threads.insert(Program.Threads.end(), std::make_move_iterator(Runs.begin()),
                         std::make_move_iterator(Runs.end()));
}

void FunctionInterpreter::summarize() {
  collectPairs();
  collectOutlived();
  const AbstractState &Exit = In[FunctionFacts::ExitBlock];
  Result.Phases = Exit.Phases;
  summarizeUses();
  summarizeRuns(Exit);
  for (const Operation &Op : Result.Operations)
    if (Op.isWrite() && !Op.Origin)
      Result.Written.insert(Op.Path);
  if (!Exit.Reachable)
    return;
  summarizeLocks(Exit);
  Result.Phase = Exit.Phase;
  Result.Primitives = Exit.Primitives;
  Result.Primitives.keepIf([&](const AccessPath &P) { return isVisibleOutside(P); });
  for (const auto &[Path, Guard] : Exit.Guards)
    if (isHandedOver(Path) || Path.root() == RootKind::Heap)
      Result.Guards.insert({Path, Guard});
  for (const auto &[Path, Held] : Exit.Pointers)
    if (isVisibleOutside(Path) && Path.steps().size() <= 4 && !isOfElements(Held))
      Result.Pointers.insert({Path, Held});
  for (const AccessPath &Object : Exit.Waited)
    if (isHandedOver(Object))
      Result.Waited.insert(Object);
  for (const AccessPath &Object : Exit.Past)
    if (isHandedOver(Object))
      Result.Past.insert(Object);
  for (const Handover &H : Exit.Believed)
    if (isHandedOver(H.Path))
      Result.Believed.insert(H);
  Result.Signals.eraseIf([&](const AccessPath &P) { return !isHandedOver(P); });
  Result.Serves.eraseIf([&](const AccessPath &P) { return !isVisibleOutside(P); });
  for (OfferedTask &Task : Offers) {
    if (Task.IsServed || !isVisibleOutside(Task.Place) ||
        Result.Offers.size() >= Summary::MaxOffers)
      continue;
    for (const auto &[Future, Held] : Exit.Pointers)
      if (Held.What == Value::PointsTo && isHandedOver(Future) && Task.Signals.count(Held.Path))
        Task.Signals.insert(Future);
    Result.Offers.push_back(Task);
  }
  for (const auto &[Variable, Places] : Exit.Fetched)
    if (isHandedOver(Variable))
      Result.Fetched[Variable] = Places;
  Result.Joined.eraseIf([&](const AccessPath &P) { return P.isKnown() && !isHandedOver(P); });
  Result.Taken.eraseIf([&](const AccessPath &P) { return !isVisibleOutside(P); });
  if (auto Copy = Exit.Copies.find({RootKind::Return, 0}); Copy != Exit.Copies.end())
    Result.ResultCopy = Copy->second;
  summarizeObserved(Exit);
  summarizeNotices(Exit);
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
