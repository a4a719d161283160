// Checks that a critical section makes and a later one relies on: where values and branches come
// from, and which writes depend on what may no longer hold.
#include "model/facts/ValueFlow.h"
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <functional>

using namespace heddle;

namespace {

std::vector<uint32_t> keysOf(const Value &About) {
  std::vector<uint32_t> Keys;
  for (const Value &Key : About.Bound)
    Keys.push_back(static_cast<uint32_t>(Key.Number));
  std::sort(Keys.begin(), Keys.end());
  Keys.erase(std::unique(Keys.begin(), Keys.end()), Keys.end());
  return Keys;
}

/// Where a container is asked about a key, the rest (its end, say) only helps with the answer.
void preferKeyed(ObservationList &Seen) {
  ObservationList All = Seen;
  Seen.eraseIf([&](const Observation &Each) {
    return Each.Keys.empty() && std::any_of(All.begin(), All.end(), [&](const Observation &Other) {
             return !Other.Keys.empty() && Other.Object.overlaps(Each.Object);
           });
  });
}

bool holds(const Operation &Op, const AccessPath &Lock) {
  return std::any_of(Op.Locks.begin(), Op.Locks.end(),
                     [&](const HeldLock &Held) { return Held.Path == Lock; });
}

/// Whether the operation is in the critical section in which the observation was made.
bool isFresh(const Observation &Seen, const Operation &Op) {
  if (Seen.isParameter())
    return false;
  if (Seen.Open.empty() && Seen.Closed.empty()) // no lock here: the caller has it for both
    return Seen.Object.overlaps(Op.Path);
  return std::any_of(Seen.Open.begin(), Seen.Open.end(),
                     [&](const HeldLock &Lock) { return holds(Op, Lock.Path); });
}

/// The lock that was given back since and is held exclusively for the write.
const HeldLock *lockTakenAgain(const Observation &Seen, const Operation &Op) {
  if (!Seen.Open.empty())
    return nullptr;
  for (const HeldLock &Then : Seen.Closed)
    for (const HeldLock &Now : Op.Locks)
      if (Then.Path == Now.Path && Now.Path.isKnown() && Now.Path.isPrecise() && !Now.IsShared)
        return &Now;
  return nullptr;
}

} // namespace

/// Who wrote under the lock before it looked has claimed what it sees: that stays true.
static void claimObserved(const AbstractState &State, Observation &Seen) {
  if (std::any_of(State.Held.begin(), State.Held.end(),
                  [&](const HeldLock &Lock) { return State.Seen.WrittenUnder.count(Lock.Path); }))
    Seen.Open.emplace_back(); // a lock without a name, which nobody gives back
}

ObservationList FunctionInterpreter::observe(const AbstractState &State,
                                             llvm::ArrayRef<Value> Sources,
                                             SourceRange Where) const {
  ObservationList Result;
  for (const Value &Source : Sources) {
    AccessPath Path = State.resolve(Source.Path);
    if (!Path.isKnown())
      continue;
    if (const ObservationList *Known = State.Seen.of(Path)) {
      unite(Result, *Known);
      continue;
    }
    bool IsParameter = Path.root() == RootKind::Parameter && Path.isRootOnly();
    bool IsOwn = Path.root() == RootKind::Temporary || Path.root() == RootKind::Return ||
                 (Path.root() == RootKind::Local && Path.derefs() == 0 &&
                  (!Path.isRootOnly() || Unit.Entities[Path.rootId()].IsScalar)) ||
                 (Path.root() == RootKind::Capture && Path.derefs() == 0);
    if (IsOwn && !IsParameter)
      continue;
    Observation Seen;
    Seen.Object = Path;
    Seen.Keys = keysOf(Source);
    Seen.Where = Where;
    if (!IsParameter)
      Seen.Open = State.certainlyHeld();
    claimObserved(State, Seen);
    unite(Result, {Seen});
  }
  preferKeyed(Result);
  return Result;
}

bool FunctionInterpreter::touchesLocks() {
  if (TouchesLocks)
    return *TouchesLocks;
  auto Takes = [&](FunctionId Callee) {
    return Callee != InvalidId && !Program.Summaries[Callee].Taken.empty();
  };
  std::function<bool(const Value &)> Names = [&](const Value &V) {
    return Takes(V.Callee) || llvm::any_of(V.Bound, Names);
  };
  TouchesLocks = llvm::any_of(Function.Blocks, [&](const Block &B) {
    return llvm::any_of(B.Events, [&](const Event &E) {
      return E.Kind == EventKind::Acquire || E.Kind == EventKind::Release ||
             E.Kind == EventKind::GuardMake || E.Kind == EventKind::GuardLock || Takes(E.Callee) ||
             llvm::any_of(E.Values, Names);
    });
  });
  // What a small function tells its caller may matter there.
  constexpr size_t Small = 12;
  TouchesLocks = *TouchesLocks || Function.Blocks.size() <= Small;
  return *TouchesLocks;
}

void FunctionInterpreter::applyDerive(AbstractState &State, const Event &E) {
  if (!touchesLocks())
    return;
  AccessPath Target = State.resolve(E.Path);
  if (!Target.isKnown())
    return;
  ObservationList From = observe(State, E.Values, E.Where);
  ObservationList Deciding = State.Seen.deciding();
  Deciding.eraseIf([](const Observation &Seen) { return Seen.isParameter(); });
  if (!Deciding.empty())
    for (Observation &Seen : Deciding.change())
      Seen.ByBranch = true;
  unite(From, Deciding);
  auto &All = State.Seen.ByVariable;
  if (E.has(Adds)) {
    if (const ObservationList *Before = State.Seen.of(Target))
      unite(From, *Before);
  } else {
    All.eraseIf([&](const auto &Entry) { return Entry.first.startsWith(Target); });
  }
  // A parameter that was given another value is no longer the caller's.
  if (!From.empty() || (Target.root() == RootKind::Parameter && Target.isRootOnly()))
    All[Target] = std::move(From);
}

void FunctionInterpreter::applyTest(AbstractState &State, const Event &E) {
  if (!touchesLocks())
    return;
  auto Way = static_cast<uint32_t>(E.Values[0].Number);
  auto &All = State.Seen.Tested;
  All.eraseIf([&](const auto &Entry) { return Entry.first.first == E.Where.Begin; });
  ObservationList Found = observe(State, llvm::ArrayRef(E.Values).drop_front(), E.Where);
  constexpr size_t MostBranches = 32;
  if (!Found.empty() && All.size() < MostBranches)
    All[{E.Where.Begin, Way}] = std::move(Found);
}

void FunctionInterpreter::adoptObserved(AbstractState &State, const Event &E, const Summary &Callee,
                                        const Binding &Call) {
  for (const auto &[Variable, Seen] : Callee.Observed) {
    AccessPath Target = substitute(State, Call, Variable);
    if (!Target.isKnown())
      continue;
    ObservationList Mine;
    for (Observation Each : Seen) {
      Each.Object = substitute(State, Call, Each.Object);
      if (!Each.Object.isKnown())
        continue;
      for (std::vector<HeldLock> *Locks : {&Each.Open, &Each.Closed}) {
        for (HeldLock &Lock : *Locks)
          Lock.Path = substitute(State, Call, Lock.Path);
        std::erase_if(*Locks, [](const HeldLock &Lock) { return !Lock.Path.isKnown(); });
      }
      for (const HeldLock &Lock : State.certainlyHeld())
        Each.Open.push_back(Lock);
      claimObserved(State, Each);
      if (Described && !Each.Keys.empty())
        Each.Keys = keysOf(Described->Values[0]);
      Each.Where = E.Where;
      Each.Calls.insert(Each.Calls.begin(), {E.Where, Call.Callee});
      unite(Mine, {Each});
    }
    if (!Mine.empty())
      State.Seen.ByVariable[Target] = std::move(Mine);
  }
}

void FunctionInterpreter::noteWrites(AbstractState &State, const Summary &Callee,
                                     const Binding &Call) {
  if (State.Seen.empty() && State.Held.empty())
    return;
  for (const AccessPath &Path : Callee.Written) {
    AccessPath Written = substitute(State, Call, Path);
    if (!Written.isKnown())
      continue;
    claimBorrows(State, Written);
    State.Seen.noteWrite(Written, State.Held);
  }
}

ObservationList FunctionInterpreter::given(const AbstractState &State, Operation &Op) const {
  ObservationList Result;
  uint32_t Slots = Op.Calls.empty() ? 1 : Op.FromSlots;
  Op.FromSlots = 0;
  if (!Described)
    return Result;
  for (uint32_t Slot = 0; Slot + 1 < Described->Values.size() && Slot < 32; ++Slot)
    if (Slots & (1u << Slot))
      unite(Result, observe(State, Described->Values[Slot + 1].Bound, Described->Where));
  for (const Observation &Seen : Result)
    if (Seen.isParameter() && Seen.Object.rootId() < 32)
      Op.FromSlots |= 1u << Seen.Object.rootId();
  if (std::vector<uint32_t> Keys = keysOf(Described->Values[0]); !Keys.empty())
    Op.Keys = std::move(Keys);
  return Result;
}

void FunctionInterpreter::findStaleCheck(const AbstractState &State, Operation &Op) const {
  ObservationList Given = given(State, Op);
  // A lock that the caller holds all the while covers the check and the write.
  if (!Op.Calls.empty() && !State.Held.empty())
    Op.Check = nullptr;
  ObservationList Deciding = State.Seen.deciding();
  bool IsRechecked = std::any_of(Deciding.begin(), Deciding.end(),
                                 [&](const Observation &Seen) { return isFresh(Seen, Op); }) ||
                     std::any_of(Op.Locks.begin(), Op.Locks.end(), [&](const HeldLock &Lock) {
                       return State.Seen.WaitedUnder.count(Lock.Path);
                     });
  if (IsRechecked)
    Op.Flags |= Rechecked;
  if (Op.Check || (Op.Flags & (Rechecked | Atomic)))
    return;
  bool IsContainer = Op.Flags & (Container | Inserts | Removes);
  auto Concerns = [&](const Observation &Seen) {
    return Seen.concerns(Op.Path, IsContainer, Op.Keys);
  };
  auto Accept = [&](const Observation &Seen, bool IsLost) {
    const HeldLock *Again = Concerns(Seen) ? lockTakenAgain(Seen, Op) : nullptr;
    if (!Again)
      return false;
    auto Check = std::make_shared<StaleCheck>();
    Check->In = Id;
    Check->Seen = Seen;
    Check->Object = Op.Path;
    Check->Lock = Again->Path;
    for (const HeldLock &Then : Seen.Closed)
      if (Then.Path == Again->Path)
        Check->LockedFirst = Then.Where;
    Check->LockedAgain = Again->Where;
    Check->WrittenAt = Op.Calls.empty() ? Op.Where : Op.Calls.front().Where;
    Check->Calls = Op.Calls;
    Check->IsLost = IsLost;
    Check->IsOneEnd = llvm::any_of(Deciding, [&](const Observation &Other) {
      return Other.Object.subject() == Seen.Object.subject() && !(Other.Object == Seen.Object);
    });
    Op.Check = std::move(Check);
    return true;
  };
  bool Knows = std::any_of(Given.begin(), Given.end(), [&](const Observation &Seen) {
    return !Seen.ByBranch && Concerns(Seen) && isFresh(Seen, Op);
  });
  bool UsesSeen = std::any_of(Given.begin(), Given.end(), [&](const Observation &Seen) {
    return !Seen.ByBranch && Concerns(Seen);
  });
  // What is stored as a whole: nothing remains of what others did to it.
  if (Op.Kind == EventKind::Write && !(Op.Flags & (Inserts | Removes)) && !Knows)
    for (const Observation &Seen : Given)
      if (!Seen.ByBranch && Accept(Seen, true))
        return;
  if (!(Op.Flags & Acts) || (Op.Kind == EventKind::Update && UsesSeen))
    return;
  for (const Observation &Seen : Deciding)
    if (Accept(Seen, false))
      return;
}

void FunctionInterpreter::summarizeObserved(const AbstractState &Exit) {
  for (const auto &[Variable, Seen] : Exit.Seen.ByVariable) {
    bool IsResult = Variable.root() == RootKind::Return ||
                    (isVisibleOutside(Variable) && Variable.root() != RootKind::Global);
    if (!IsResult)
      continue;
    ObservationList Visible;
    for (const Observation &Each : Seen)
      if (isVisibleOutside(Each.Object))
        Visible.push_back(Each);
    if (!Visible.empty())
      Result.Observed[Variable] = std::move(Visible);
  }
}

void FunctionInterpreter::collectStaleActs(const Operation &A, const Operation &B,
                                           const PathSet &Stale) {
  auto Note = [&](const Operation &Act, const Operation &Rival) {
    // Of several objects it is not known whether both mean one.
    if (!Act.Check || !invalidates(Rival, Act) || !Act.Path.isPrecise())
      return;
    for (const AccessPath &Root : Stale)
      if (Act.Path.startsWith(Root) || Rival.Path.startsWith(Root))
        return;
    // Threads of one entry that go where a value of their own sends them need not meet there.
    if ((Act.Flags & Rival.Flags & (Selective | Claimed)) && Act.In == Rival.In)
      return;
    auto Lock = std::find_if(Act.Locks.begin(), Act.Locks.end(), [&](const HeldLock &Held) {
      return Held.Where == Act.Check->LockedAgain;
    });
    if (Lock != Act.Locks.end() && !isOrdered(Act, Rival, Lock->Path))
      Program.StaleActs.push_back({Act.Check, Act, Id, Rival});
  };
  Note(A, B);
  if (&A != &B)
    Note(B, A);
}

namespace {

/// Functions that code outside of the unit may call, in threads that nobody sees here.
std::vector<bool> calledFromOutside(const UnitFacts &Unit) {
  std::vector<bool> IsUsed(Unit.Functions.size()), IsEntry(Unit.Functions.size());
  bool HasMain = false;
  for (const FunctionFacts &Function : Unit.Functions) {
    HasMain |= Function.IsMain;
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::Call && E.Callee != InvalidId)
        IsUsed[E.Callee] = true;
      if (E.Kind == EventKind::Spawn && E.Callee != InvalidId)
        IsEntry[E.Callee] = true;
    });
  }
  std::vector<bool> Result(Unit.Functions.size());
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    const FunctionFacts &Function = Unit.Functions[Id];
    bool MayBeNamed = !HasMain && !Function.IsLocalToUnit && Function.IsPublic;
    Result[Id] = !Function.IsLambda && !Function.IsMain && !Function.IsConstructor &&
                 !Function.IsDestructor && !IsEntry[Id] && (!IsUsed[Id] || MayBeNamed);
  }
  return Result;
}

} // namespace

void ProgramModel::collectOpenStaleActs() {
  std::vector<bool> IsOpen = calledFromOutside(Facts);
  for (FunctionId Id = 0; Id < Facts.Functions.size(); ++Id)
    if (IsOpen[Id])
      for (const Operation &Op : Summaries[Id].Operations)
        if (Op.Check && !Op.Check->IsOneEnd && !Op.Origin)
          StaleActs.push_back({Op.Check, Op, Id, std::nullopt});
  std::erase_if(StaleActs, [&](const StaleAct &Act) {
    const FunctionFacts &In = Facts.Functions[Act.Check->In];
    return EnteredWithLock.count(Act.Check->In) || In.IsConstructor || In.IsDestructor;
  });
  // Of several for one place, that of which the other thread is known.
  llvm::sort(StaleActs, [](const StaleAct &A, const StaleAct &B) {
    return std::tuple(A.Check->WrittenAt, !A.Other, A.Check->Seen.Where) <
           std::tuple(B.Check->WrittenAt, !B.Other, B.Check->Seen.Where);
  });
  StaleActs.erase(std::unique(StaleActs.begin(), StaleActs.end(),
                              [](const StaleAct &A, const StaleAct &B) {
                                return A.Check->WrittenAt == B.Check->WrittenAt;
                              }),
                  StaleActs.end());
}
