// The ways through one function, until they bring nothing new, and the walk that records them.
#include "model/program/interpreter/Worklist.h"
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

using namespace heddle;

/// Whether one of them hands on a pointer where the other one hands on null.
static bool choosesOther(const SharedMap<AccessPath, Value> &A,
                         const SharedMap<AccessPath, Value> &B) {
  return llvm::any_of(A, [&](const auto &Entry) {
    const auto &[Path, Chosen] = Entry;
    if (Path.root() != RootKind::Temporary || !Path.isRootOnly() || Chosen.What != Value::Null ||
        Chosen.Number != 0)
      return false;
    auto Theirs = B.find(Path);
    return Theirs != B.end() && Theirs->second.What != Value::Null && Theirs->second.isKnown();
  });
}

bool LockState::hasSameLocks(const LockState &Other) const {
  return !choosesOther(Names.Pointers, Other.Names.Pointers) &&
         !choosesOther(Other.Names.Pointers, Names.Pointers) && Guards == Other.Guards &&
         Locks.size() == Other.Locks.size() &&
         std::equal(Locks.begin(), Locks.end(), Other.Locks.begin(),
                    [](const auto &A, const auto &B) {
                      return A.first == B.first && A.second.isSame(B.second);
                    });
}

/// Whether applyToOne does anything about such an event. Most are reads and writes.
static bool concernsLocks(EventKind Kind) {
  switch (Kind) {
  case EventKind::Acquire:
  case EventKind::Release:
  case EventKind::TryLock:
  case EventKind::GuardMake:
  case EventKind::GuardLock:
  case EventKind::GuardUnlock:
  case EventKind::GuardDisown:
  case EventKind::GuardTry:
  case EventKind::GuardAsk:
  case EventKind::Destroy:
  case EventKind::Move:
  case EventKind::Store:
  case EventKind::Fresh:
  case EventKind::Judged:
  case EventKind::Wait:
  case EventKind::Escape:
  case EventKind::Return:
  case EventKind::ThreadExit:
  case EventKind::NoneHeld:
  case EventKind::Call:
  case EventKind::CallValue:
  case EventKind::UnknownCall:
  case EventKind::Spawn:
  case EventKind::Join:
    return true;
  default:
    return false;
  }
}

bool LockInterpreter::arrive(uint32_t To, LockState State, bool ClosesLoop) {
  for (Arrival &Known : In[To])
    if (Known.State.hasSameLocks(State)) {
      // What a loop counts would take as many rounds as there are numbers: widening (Cousot and
      // Cousot, Abstract Interpretation, 1977).
      bool Changes = Known.State.join(State, ClosesLoop && Known.Rounds >= MaxRounds);
      Known.IsPending |= Changes;
      Known.Rounds += Changes && ClosesLoop;
      return Changes;
    }
  In[To].push_back({std::move(State)});
  return true;
}

bool LockInterpreter::decideAll(LockState &State, const Edge &Way, uint32_t From) const {
  for (const Event &E : Way.Events)
    if (E.Kind == EventKind::Judged) {
      if (!State.decide(Function.Judgements[E.Values[0].Number], From, Way.To, Function.Conditions))
        return false;
      State.Turn = E.Where;
    }
  return true;
}

bool LockInterpreter::reachFixpoint() {
  In.resize(Function.Blocks.size());
  LockState Start;
  for (const AnnotatedLock &Lock : Function.Requires) {
    LockFact &Given = Start.Locks[Lock.Path];
    Given.State = LockFact::Held;
    Given.FromCaller = true;
    Given.Kind = ChosenKind;
    (Lock.IsShared ? Given.Shared : Given.Exclusive) = 1;
    Given.Taken = Function.NameRange;
  }
  In[FunctionFacts::EntryBlock].push_back({std::move(Start)});
  Worklist Work(Function);
  size_t Budget = 48 * Function.Blocks.size() + 256;
  while (!Work.empty()) {
    if (Budget-- == 0)
      return false;
    uint32_t Next = Work.take();
    const struct Block &B = Function.Blocks[Next];
    for (size_t Each = 0; Each < In[Next].size(); ++Each) { // a loop may bring more
      if (!std::exchange(In[Next][Each].IsPending, false))
        continue;
      for (const LockState &After : transfer(Next, In[Next][Each].State))
        for (const Edge &Way : B.Successors) {
          if (Way.To == FunctionFacts::ExitBlock)
            continue;
          LockState OnEdge = After;
          unwind(OnEdge, Way.To, B);
          if (!decideAll(OnEdge, Way, Next) ||
              !arrive(Way.To, std::move(OnEdge), Work.closesLoop(Next, Way.To)))
            continue;
          if (In[Way.To].size() > MaxStates)
            return false;
          Work.add(Way.To);
        }
    }
  }
  return true;
}

void LockInterpreter::unwind(LockState &State, uint32_t To, const struct Block &From) {
  for (const TryBlock &Try : Function.TryBlocks) {
    if (Try.Dispatch != To)
      continue;
    // The graph does not show what a throw destroys.
    std::vector<AccessPath> Ended;
    for (const auto &[Guard, Fact] : State.Guards)
      if (Guard.root() == RootKind::Temporary ||
          (Guard.root() == RootKind::Local &&
           Try.Body.encloses(Unit.Entities[Guard.rootId()].Declaration)))
        Ended.push_back(Guard);
    for (const AccessPath &Guard : Ended)
      endGuard(State, Guard, From.Events.empty() ? Try.Body : From.Events.back().Where);
    for (auto &[Path, Fact] : State.Locks)
      if (isLeftToDestructor(Fact))
        Fact = LockFact();
  }
}

bool LockInterpreter::isLeftToDestructor(const LockFact &Fact) const {
  if (!Fact.Calls.empty() && Unit.Functions[Fact.Calls.front().Callee].IsConstructor)
    return true;
  return llvm::any_of(Function.Blocks, [&](const struct Block &B) {
    return llvm::any_of(B.Events, [&](const Event &E) {
      bool IsEnd = E.Kind == EventKind::Call && Unit.Functions[E.Callee].IsDestructor;
      return IsEnd && !Flow.Summaries[E.Callee].isIdle();
    });
  });
}

bool LockInterpreter::isLeftToJumpTarget(const AccessPath &Lock) const {
  // One that is not seen knows of locks that are not this unit's own; see also GivenBack.
  return Function.IsJumpTarget || (isVisible(Lock) && !Flow.isOurs(Lock));
}

void LockInterpreter::record() {
  IsRecording = true;
  for (uint32_t Index = 0; Index < Function.Blocks.size(); ++Index) {
    const struct Block &B = Function.Blocks[Index];
    bool Leaves = llvm::any_of(B.Successors,
                               [](const Edge &Way) { return Way.To == FunctionFacts::ExitBlock; });
    bool IsDispatch = llvm::any_of(Function.TryBlocks,
                                   [&](const TryBlock &Try) { return Try.Dispatch == Index; });
    // What is done after a jump that ends here.
    if (Function.IsJumpTarget && In[Index].empty())
      for (const Event &E : B.Events)
        if (E.Kind == EventKind::Release)
          Flow.GivenBack.insert(E.Path.subject());
    for (const Arrival &Each : In[Index]) {
      if (!B.Events.empty())
        Ways.addAtEntry(Index, B.Events.front().Where, Each.State);
      for (LockState &After : transfer(Index, Each.State)) {
        // That no handler matches is possible for the graph only.
        bool IsLeft = B.Leaves == Leaving::Normally || B.Leaves == Leaving::Throws ||
                      B.Leaves == Leaving::Jumps;
        if (!Leaves || IsDispatch || !IsLeft)
          continue;
        SourceRange Place = After.Returns.isValid() ? After.Returns : Function.BodyEnd;
        if (B.Leaves != Leaving::Normally && !B.Events.empty())
          Place = B.Events.back().Where;
        for (const Edge &Way : B.Successors) {
          LockState OnEdge = After;
          if (Way.To != FunctionFacts::ExitBlock || !decideAll(OnEdge, Way, Index))
            continue;
          if (B.Leaves == Leaving::Normally)
            Ways.addExit(OnEdge);
          Exits.push_back({std::move(OnEdge), Place, B.Leaves});
        }
      }
    }
  }
  IsRecording = false;
}

LockInterpreter::States LockInterpreter::transfer(uint32_t Index, LockState From) {
  Block = Index;
  States All;
  All.push_back(std::move(From));
  const auto &Events = Function.Blocks[Index].Events;
  for (uint32_t I = 0; I < Events.size(); ++I) {
    if (!concernsLocks(Events[I].Kind))
      continue;
    apply(All, Events[I]);
    if (All.empty() || IsOpaque)
      break;
    if (IsRecording && changesLocks(Events[I]))
      for (const LockState &Each : All)
        Ways.addBehind(Index, I, Events[I].Where, Each);
  }
  return All;
}

bool LockInterpreter::changesLocks(const Event &E) const {
  return E.Kind == EventKind::CallValue ||
         (E.Kind == EventKind::Call && !Flow.Summaries[E.Callee].isIdle());
}
