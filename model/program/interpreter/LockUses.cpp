// Locks that a function waits for and calls that may block, with what is held meanwhile. Their
// operations have Waited stand for the locks of callers that are given back by then.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

bool holds(const std::vector<HeldLock> &Locks, const AccessPath &Path) {
  return std::any_of(Locks.begin(), Locks.end(),
                     [&](const HeldLock &Held) { return Held.Path == Path; });
}

llvm::hash_code hashOf(const AccessPath &Path) {
  llvm::hash_code Result = llvm::hash_combine(Path.root(), Path.rootId());
  for (const PathStep &Step : Path.steps())
    Result = llvm::hash_combine(Result, Step.What, Step.Id);
  return Result;
}

/// Equal for uses that say the same to a caller, whatever the way to them.
size_t hashOf(const Operation &Use) {
  llvm::hash_code Result = llvm::hash_combine(Use.Kind, Use.Where.File, Use.Where.Begin,
                                              hashOf(Use.Path), hashOf(Use.GivenBack));
  for (const HeldLock &Lock : Use.Locks)
    Result = llvm::hash_combine(Result, hashOf(Lock.Path), Lock.IsShared, Lock.IsOrdered);
  if (Use.Origin)
    Result = llvm::hash_combine(Result, Use.Origin->Spawn.File, Use.Origin->Spawn.Begin);
  return Result;
}

/// Takes the uses that are new to a list, up to the bound.
class UseList {
public:
  explicit UseList(std::vector<Operation> &To) : To(To) {
    for (const Operation &Use : To)
      Known.insert(hashOf(Use));
  }
  void add(Operation Use) {
    if (To.size() < Summary::MaxLockUses && Known.insert(hashOf(Use)).second)
      To.push_back(std::move(Use));
  }

private:
  std::vector<Operation> &To;
  llvm::DenseSet<size_t> Known;
};

/// Names the same object, or array, wherever the function uses it: no variable on the way can
/// change.
bool isStable(const AccessPath &Path) {
  bool IsOwn = Path.root() == RootKind::Local || Path.root() == RootKind::Heap ||
               Path.root() == RootKind::Temporary;
  return Path.isKnown() && (!IsOwn || Path.derefs() == 0);
}

/// Whether something is registered there that is called if the thread is cancelled.
bool isCleanedUp(const FunctionFacts &Function, const SourceRange &Where) {
  auto Before = [&](const std::vector<SourceRange> &Places) {
    return llvm::count_if(Places, [&](const SourceRange &Place) { return Place < Where; });
  };
  return Before(Function.CleanupPushes) > Before(Function.CleanupPops);
}

} // namespace

Operation FunctionInterpreter::operationOf(const Event &E, EventKind Kind, AccessPath Path) const {
  Operation Result;
  Result.Kind = Kind;
  Result.Flags = E.Flags;
  Result.Statement = E.Statement;
  Result.In = Id;
  Result.Path = Path;
  Result.LocalPath = E.Path;
  Result.Where = E.Where;
  return Result;
}

void FunctionInterpreter::noteTaken(const AbstractState &State, const Event &E,
                                    const AccessPath &Lock, bool IsShared) {
  if (!IsRecording || !Lock.isKnown() || (Lock.isPrecise() && holds(State.Held, Lock)))
    return;
  Operation Use = operationOf(E, EventKind::Acquire, Lock);
  Use.Flags = IsShared ? Shared : NoFlags;
  AbstractState Before;
  Before.Live = State.Live;
  Before.Released = State.Released;
  for (const HeldLock &Held : State.Held)
    if (!E.has(Together) || !(Held.Where == E.Where))
      Before.Held.push_back(Held);
  addUse(Before, std::move(Use));
}

void FunctionInterpreter::noteGuardTaken(const AbstractState &State, const Event &E,
                                         const AccessPath &Guard) {
  auto Known = State.Guards.find(Guard);
  if (Known != State.Guards.end() && Known->second.Owns != GuardState::Yes)
    for (const AccessPath &Lock : Known->second.Locks)
      noteTaken(State, E, Lock, Known->second.IsShared);
}

static const OnceCall *onceAt(const FunctionFacts &Function, const SourceRange &Where) {
  auto Found =
      llvm::find_if(Function.OnceCalls, [&](const OnceCall &Once) { return Once.Where == Where; });
  return Found == Function.OnceCalls.end() ? nullptr : &*Found;
}

void FunctionInterpreter::noteOnceWait(const AbstractState &State, const Event &E,
                                       const AccessPath &Flag) {
  // Who has come by before does not wait any more.
  if (onceAt(Function, E.Where) && !State.Waited.count(Flag))
    noteTaken(State, E, Flag, /*IsShared=*/false);
}

void FunctionInterpreter::noteOnceRun(const AbstractState &State, const Event &E, size_t FirstUse) {
  const OnceCall *Once = onceAt(Function, E.Where);
  if (!Once)
    return;
  AccessPath Flag = State.syncObject(Once->Flag);
  for (size_t I = FirstUse; I < Uses.size(); ++I)
    if (Operation &Use = Uses[I].Op; Use.Kind == EventKind::Acquire && !Use.Origin)
      Use.Locks.push_back({Flag, false, E.Where});
}

void FunctionInterpreter::giveBack(const AbstractState &State, Operation &Use) const {
  auto Guard = State.Guards.find(Use.GivenBack);
  auto IsGivenBack = [&](const HeldLock &Held) {
    return Held.Path == Use.GivenBack ||
           (Guard != State.Guards.end() &&
            std::find(Guard->second.Locks.begin(), Guard->second.Locks.end(), Held.Path) !=
                Guard->second.Locks.end());
  };
  auto Lock = std::find_if(Use.Locks.begin(), Use.Locks.end(), IsGivenBack);
  if (Lock == Use.Locks.end())
    return;
  // What was adopted here was taken by a caller, who may know it by another name.
  bool IsAdopted = false;
  for (const Block &B : Function.Blocks)
    for (const Event &E : B.Events)
      IsAdopted |= E.Kind == EventKind::GuardMake && E.has(Adopted) && E.Where == Lock->Where;
  AccessPath OfCaller = IsAdopted || Lock->IsGiven ? Lock->Path : AccessPath();
  std::erase_if(Use.Locks, IsGivenBack);
  Use.GivenBack = OfCaller;
}

void FunctionInterpreter::applyBlock(const AbstractState &State, const Event &E) {
  if (!IsRecording)
    return;
  Operation Use = operationOf(E, EventKind::Block, State.syncObject(E.Path));
  if (E.has(Joins) && (State.Ready.count(Use.Path) || State.Ready.count(E.Path)))
    return;
  if (E.Values.size() > 2 && State.Ready.count(E.Values[2].Path))
    return;
  Use.Flags &= ~uint64_t(Joins);
  Use.Does = E.Values[0].Path.rootId();
  if (E.Values.size() > 1 && E.Values[1].What == Value::PointsTo)
    Use.GivenBack = State.resolve(E.Values[1].Path);
  noteJoinUnder(State, Use.Path);
  addUse(State, std::move(Use));
}

void FunctionInterpreter::noteCancelPoint(const AbstractState &State, const Event &E) {
  if (!IsRecording || isCleanedUp(Function, E.Where))
    return;
  addUse(State, operationOf(E, EventKind::CancelPoint, {}));
}

void FunctionInterpreter::noteJoinUnder(const AbstractState &State, const AccessPath &Handle) {
  for (const auto &[Run, Thread] : State.Live)
    if (Handle.isKnown() && Thread.Handle == Handle)
      JoinUses.push_back({Uses.size(), Run, State.Waited});
}

void FunctionInterpreter::noteCallback(const AbstractState &State, const Event &E,
                                       const Value &Target) {
  // What a function is given to call is its caller's affair.
  bool IsKept = Target.What == Value::Load && Target.Path.subject() != InvalidId &&
                Target.Path.root() != RootKind::Local;
  if (!IsRecording || !IsKept)
    return;
  Operation Use = operationOf(E, EventKind::CallValue, Target.Path);
  Use.Flags &= Dispatch;
  Use.LocalPath = E.Values[0].Path;
  addUse(State, std::move(Use));
}

void FunctionInterpreter::noteEndOfHandle(const AbstractState &State, const Event &E,
                                          const AccessPath &Handle) {
  // Only a thread that has not been joined makes the destructor wait.
  AccessPath Object = State.syncObject(Handle);
  // Of a container's, nobody knows how many there still are; see findBlockedHolders.
  bool IsAny = E.has(Ends) && !State.Held.empty();
  if (!E.Values.empty() && Object.isKnown() &&
      (IsAny || std::any_of(State.Live.begin(), State.Live.end(),
                            [&](const auto &Entry) { return Entry.second.Handle == Object; })))
    applyBlock(State, E);
}

void FunctionInterpreter::addUse(const AbstractState &State, Operation Use) {
  if (!Use.Origin) {
    for (const HeldLock &Held : State.Held)
      if (Held.IsConditional && Use.Kind == EventKind::Acquire)
        SometimesFirst.emplace(Held.Path, Use.Path);
      else if (!Held.IsConditional && !Held.IsInferred && !holds(Use.Locks, Held.Path) &&
               !Use.Waited.count(Held.Path))
        Use.Locks.push_back(Held);
    Use.Waited.unite(State.Released);
    // A condition gives its lock back; only the others stay.
    if (Use.GivenBack.isKnown())
      giveBack(State, Use);
  }
  std::vector<RunBeside> Live;
  for (const auto &[Run, Thread] : State.Live)
    Live.push_back({Run, Thread.Stale, {}});
  Uses.push_back({std::move(Use), Now, SharedList<RunBeside>(std::move(Live))});
}

std::optional<Operation> FunctionInterpreter::substituteUse(const AbstractState &State,
                                                            const Binding &Call,
                                                            const Operation &Use) const {
  Operation Result = Use;
  Result.Path = Use.Kind == EventKind::Block ? substituteHandle(State, Call, Use.Path)
                                             : substitute(State, Call, Use.Path);
  if (Use.Kind == EventKind::Acquire && !Result.Path.isKnown())
    return std::nullopt;
  for (HeldLock &Lock : Result.Locks)
    Lock.Path = substitute(State, Call, Lock.Path);
  Result.Waited = substitute(State, Call, Use.Waited);
  if (Use.GivenBack.isKnown()) {
    Result.GivenBack = substitute(State, Call, Use.GivenBack);
    if (!Result.GivenBack.isKnown())
      return std::nullopt;
  }
  return Result;
}

void FunctionInterpreter::adoptUses(const AbstractState &State, const Summary &Callee,
                                    const Binding &Call, const CallStep &Step) {
  for (const Operation &Use : Callee.LockUses) {
    if (Use.Calls.size() >= Summary::MaxCalls ||
        (Use.Kind == EventKind::CancelPoint && isCleanedUp(Function, Step.Where)))
      continue;
    std::optional<Operation> Seen = substituteUse(State, Call, Use);
    // What is taken again by its holder is no other lock.
    if (!Seen || (Seen->Kind == EventKind::Acquire && Seen->Path.isPrecise() &&
                  holds(State.Held, Seen->Path)))
      continue;
    if (Seen->Origin) {
      auto Root = std::make_shared<ThreadOrigin>(*Seen->Origin);
      Root->Calls.insert(Root->Calls.begin(), Step);
      Seen->Origin = Root;
    } else {
      Seen->Calls.insert(Seen->Calls.begin(), Step);
    }
    if (Seen->Kind == EventKind::Block && !Seen->Origin)
      noteJoinUnder(State, Seen->Path);
    addUse(State, std::move(*Seen));
  }
}

void FunctionInterpreter::adoptUses(const AbstractState &State, ThreadRun &Run,
                                    const std::vector<Operation> &Uses, const Binding &Call,
                                    const Via &How) {
  for (const Operation &Use : Uses)
    if (std::optional<Operation> Seen = substituteUse(State, Call, Use)) {
      Seen->Origin = Seen->Origin ? rooted(*Seen->Origin, How) : Run.Origin;
      Run.LockUses.push_back(std::move(*Seen));
    }
}

bool FunctionInterpreter::areAlternatives(Position A, Position B) const {
  // Forwards only: that a loop comes back to the other branch does not mix the two.
  auto Reaches = [&](Position From, Position To) {
    if (From.Block == To.Block)
      return From.Event <= To.Event;
    std::vector<bool> Seen(Function.Blocks.size());
    std::vector<uint32_t> Work{From.Block};
    while (!Work.empty()) {
      uint32_t Next = Work.back();
      Work.pop_back();
      for (const Edge &Way : Function.Blocks[Next].Successors) {
        bool IsLoop = std::any_of(Function.Loops.begin(), Function.Loops.end(),
                                  [&](const Loop &L) { return L.Header == Way.To; });
        if (Seen[Way.To] || IsLoop)
          continue;
        if (Way.To == To.Block)
          return true;
        Seen[Way.To] = true;
        Work.push_back(Way.To);
      }
    }
    return false;
  };
  return !Reaches(A, B) && !Reaches(B, A);
}

bool FunctionInterpreter::isChosenOrder(const HeldLock &Held, const Operation &Taken,
                                        Position At) const {
  const bool IsHere = Taken.Calls.empty() && Function.BodyRange.encloses(Held.Where) &&
                      Taken.Path.root() == Held.Path.root();
  auto IndexAt = [&](const SourceRange &Where) -> const LockIndex * {
    auto Known = llvm::lower_bound(
        Unit.LockIndices, Where,
        [](const LockIndex &Index, const SourceRange &P) { return Index.Where < P; });
    return Known != Unit.LockIndices.end() && Known->Where == Where ? &*Known : nullptr;
  };
  // A pointer that the function sets anew need not lead to what the caller gave.
  auto MayBeOther = [&](const AccessPath &Lock, const SourceRange &Where) {
    const Parameter *Given = Lock.root() == RootKind::Parameter && Lock.rootId() > 0
                                 ? &Function.Parameters[Lock.rootId()]
                                 : nullptr;
    const LockIndex *Index = Given && IsHere ? IndexAt(Where) : nullptr;
    bool IsAsGiven = Index && Index->IsObject && Index->Slot == Lock.rootId();
    return Given && !Given->IsReference && !Given->IsFixed && !IsAsGiven;
  };
  // Of parameters that it compares, the function may lock only those in the right order.
  auto IsCompared = [&](const AccessPath &Lock, const SourceRange &Where) {
    bool IsMember = Lock.root() == RootKind::Parameter && Lock.steps().size() == 2 &&
                    Lock.steps()[0].What == PathStep::Deref &&
                    Lock.steps()[1].What == PathStep::Field;
    return IsMember && !IndexAt(Where);
  };
  if (IsHere && (IsCompared(Taken.Path, Taken.Where) || IsCompared(Held.Path, Held.Where)))
    return true;
  if (SometimesFirst.count({Taken.Path, Held.Path}) || MayBeOther(Taken.Path, Taken.Where) ||
      MayBeOther(Held.Path, Held.Where))
    return true;
  auto SwapsIn = [&](const Binding &Call) {
    auto Seen = [&](const AccessPath &Lock) {
      const Value *Given = Call.given(Lock);
      bool IsBehind = Given && !Lock.isRootOnly() && Lock.steps()[0].What == PathStep::Deref;
      AccessPath Base = IsBehind ? Given->pointee() : AccessPath();
      return Base.isKnown() ? Lock.rebased(Base, 1) : AccessPath();
    };
    return Seen(Taken.Path) == Held.Path && Seen(Held.Path) == Taken.Path;
  };
  return llvm::any_of(SelfCalls, [&](const auto &Again) {
    return SwapsIn(Again.second) && areAlternatives(Again.first, At);
  });
}

void FunctionInterpreter::dropChosenOrders() {
  // Of two objects of one kind, one way takes the first before the second and another way the
  // second before the first: whatever is compared there gives them one order. The function may
  // call itself with the two swapped for that.
  for (PendingOperation &A : Uses)
    for (HeldLock &Held : A.Op.Locks) {
      if (A.Op.Kind != EventKind::Acquire || A.Op.Origin || !Held.Path.isKnown() ||
          Held.Path.subject() != A.Op.Path.subject())
        continue;
      if (isChosenOrder(Held, A.Op, A.At))
        Held.IsOrdered = true;
      for (PendingOperation &B : Uses)
        for (HeldLock &Reverse : B.Op.Locks)
          if (B.Op.Kind == EventKind::Acquire && !B.Op.Origin && Reverse.Path == A.Op.Path &&
              B.Op.Path == Held.Path && areAlternatives(A.At, B.At))
            Held.IsOrdered = Reverse.IsOrdered = true;
    }
}

void FunctionInterpreter::findNeededLocks() {
  for (const auto &[Index, Run, Waited] : JoinUses) {
    // A thread that was waited for until it said something may be past its locks.
    if (llvm::any_of(Runs[Run].Signals, [&](const AccessPath &P) { return Waited.count(P); }))
      continue;
    Operation &Join = Uses[Index].Op;
    for (const Operation &Use : Runs[Run].LockUses) {
      bool Excludes = std::any_of(Join.Locks.begin(), Join.Locks.end(), [&](const HeldLock &Held) {
        return Held.Path == Use.Path && Held.Path.isPrecise() &&
               !(Held.IsShared && (Use.Flags & Shared));
      });
      if (Use.Kind == EventKind::Acquire && Excludes && !Join.Needed)
        Join.Needed = std::make_shared<const Operation>(Use);
    }
  }
}

void FunctionInterpreter::summarizeUses() {
  findNeededLocks();
  UseList Passed(Result.LockUses);
  auto Pass = [&](Operation Use) {
    if (!isHandedOver(Use.Path)) {
      if (Use.Kind == EventKind::Acquire)
        return;
      Use.Path = AccessPath();
    }
    if (Use.GivenBack.isKnown() && !isVisibleOutside(Use.GivenBack))
      return;
    // Nobody else wants a lock of an object that is being made, or will want one of an object that
    // is going.
    auto IsOwn = [&](const AccessPath &Lock) {
      return !Use.Origin && Lock.root() == RootKind::Parameter && Lock.rootId() == 0;
    };
    if ((Function.IsConstructor || Function.IsDestructor) && Use.Kind == EventKind::Acquire &&
        IsOwn(Use.Path))
      return;
    std::erase_if(Use.Locks, [&](const HeldLock &Lock) {
      return (Lock.Path.isKnown() && !isVisibleOutside(Lock.Path)) ||
             (Function.IsConstructor && IsOwn(Lock.Path));
    });
    Passed.add(std::move(Use));
  };
  for (const PendingOperation &P : Uses)
    Pass(P.Op);
  const AbstractState &Exit = In[FunctionFacts::ExitBlock];
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    if (!Exit.Live.count(Run) && Exit.Reachable && !Runs[Run].Callable.isKnown())
      for (const Operation &Use : Runs[Run].LockUses)
        Pass(Use);
}

static bool startsAnyThread(const UnitFacts &Unit) {
  return llvm::any_of(Unit.Functions, [](const FunctionFacts &Function) {
    bool Starts = false;
    forEachEvent(Function, [&](const Event &E) { Starts |= E.Kind == EventKind::Spawn; });
    return Starts;
  });
}

void FunctionInterpreter::findLockCycles() {
  LockGraph Graph;
  // What this function does once itself may be done before its threads come by.
  PathSet Done;
  for (const PendingOperation &P : Uses)
    if (!P.Op.Origin && P.Op.Kind == EventKind::Acquire &&
        onceAt(Unit.Functions[P.Op.In], P.Op.Where))
      Done.insert(P.Op.Path);
  auto Add = [&](const Operation &Use, uint32_t Run, const std::map<uint32_t, PathSet> &Live) {
    if (Use.Kind != EventKind::Acquire || !isStable(Use.Path))
      return;
    for (const HeldLock &Held : Use.Locks) {
      // Without threads, only what nobody else will ever look at; the rest is seen by callers.
      bool IsHere = !Runs.empty() || !isVisibleOutside(Held.Path) || !isVisibleOutside(Use.Path);
      bool IsDone = !Runs.empty() && (Done.count(Held.Path) || Done.count(Use.Path));
      if (isStable(Held.Path) && IsHere && !IsDone)
        Graph.add({Id, Held.Path, Use.Path, Held, Use, Run, Live});
    }
  };
  for (const PendingOperation &P : Uses) {
    std::map<uint32_t, PathSet> Live;
    for (const RunBeside &Each : P.Live)
      Live.emplace(Each.Run, Each.Stale);
    Add(P.Op, InvalidId, Live);
  }
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (const Operation &Use : Runs[Run].LockUses)
      Add(Use, Run, std::map<uint32_t, PathSet>());
  if (Graph.empty())
    return;
  auto IsApart = [&](const LockEdge &A, const LockEdge &B, const PathSet &Stale) {
    return std::none_of(Stale.begin(), Stale.end(), [&](const AccessPath &Root) {
      return A.From.startsWith(Root) || A.To.startsWith(Root) || B.From.startsWith(Root) ||
             B.To.startsWith(Root);
    });
  };
  auto MeetsRun = [&](const LockEdge &A, const LockEdge &B) {
    const auto &Live = A.Run == InvalidId ? A.Live : std::map<uint32_t, PathSet>();
    if (A.Run == InvalidId) {
      auto Beside = Live.find(B.Run);
      return Beside != Live.end() && IsApart(A, B, Beside->second);
    }
    auto Beside = RunLive[A.Run].find(B.Run);
    if (Beside == RunLive[A.Run].end())
      return A.Run == B.Run && Repeated.count(A.Run) > 0;
    PathSet Stale = Beside->second.Stale;
    if (A.Run == B.Run)
      for (uint32_t Site : Runs[A.Run].HeapSites)
        Stale.insert({RootKind::Heap, Site});
    return IsApart(A, B, Stale);
  };
  // Where no thread is in sight, an order is a promise to those that may come.
  const bool IsThreadless = Runs.empty() && !startsAnyThread(Unit);
  auto Meet = [&](const LockEdge &A, const LockEdge &B) {
    if (!lackCommonLock(A.Taken, B.Taken))
      return false;
    if (IsThreadless)
      return true;
    return (B.Run != InvalidId && MeetsRun(A, B)) || (A.Run != InvalidId && MeetsRun(B, A));
  };
  for (std::vector<LockCycle> Found : {Graph.cycles([&](const LockEdge &A, const LockEdge &B) {
                                         // Elements of arrays may be any.
                                         return A.From.isPrecise() && A.To.isPrecise() &&
                                                B.From.isPrecise() && B.To.isPrecise() &&
                                                Meet(A, B);
                                       }),
                                       Graph.arrayCycles(Unit, Meet)})
    for (LockCycle &Cycle : Found) {
      Cycle.IsBetweenThreads = !Runs.empty();
      Program.LockCycles.push_back(std::move(Cycle));
    }
}
