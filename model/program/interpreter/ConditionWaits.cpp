// Which condition is waited on with which lock.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// The blocks that come right behind an event, nothing but looking being done on the way, that
/// event's own block included.
std::vector<uint32_t> quietBehind(const FunctionFacts &Function, uint32_t Block, uint32_t Event) {
  std::vector<uint32_t> Result;
  std::set<uint32_t> Seen;
  std::vector<std::pair<uint32_t, uint32_t>> Work{{Block, Event + 1}};
  while (!Work.empty()) {
    auto [At, From] = Work.back();
    Work.pop_back();
    const auto &Source = Function.Blocks[At];
    bool IsQuiet =
        std::all_of(Source.Events.begin() + From, Source.Events.end(), [](const auto &E) {
          return E.Kind == EventKind::Read || E.Kind == EventKind::Use ||
                 E.Kind == EventKind::Derive || E.Kind == EventKind::Copied ||
                 E.Kind == EventKind::Inputs;
        });
    if (!IsQuiet)
      continue;
    Result.push_back(At);
    for (const Edge &Way : Source.Successors)
      if (Seen.insert(Way.To).second)
        Work.emplace_back(Way.To, 0);
  }
  return Result;
}

/// What the branches look at that decide, right behind an event, whether to come back to it.
std::vector<AccessPath> askedBehind(const FunctionFacts &Function, uint32_t Block, uint32_t Event) {
  std::vector<AccessPath> Result;
  for (uint32_t Asking : quietBehind(Function, Block, Event))
    for (const Edge &Way : Function.Blocks[Asking].Successors)
      for (const auto &E : Way.Events)
        if (E.Kind == EventKind::Passed)
          Result.push_back(E.Path);
        else if (E.Kind == EventKind::Test)
          for (const Value &Looked : llvm::drop_begin(E.Values))
            Result.push_back(Looked.Path);
  return Result;
}

/// The blocks that can be reached from `Block`.
std::set<uint32_t> blocksBehind(const FunctionFacts &Function, uint32_t Block) {
  std::set<uint32_t> Result;
  llvm::SmallVector<uint32_t> Work{Block};
  while (!Work.empty())
    for (const Edge &Way : Function.Blocks[Work.pop_back_val()].Successors)
      if (Result.insert(Way.To).second)
        Work.push_back(Way.To);
  return Result;
}

} // namespace

void FunctionInterpreter::addPredicate(const AbstractState &State, const Event &E,
                                       Operation &Wait) const {
  if (E.Values.size() > 1) {
    Binding Call = bind(State.resolve(E.Values[1]), {});
    if (Call.Callee != InvalidId)
      for (const Operation &Op : Program.Summaries[Call.Callee].Operations)
        if (Op.Kind == EventKind::Read && !Op.Origin)
          if (AccessPath Asked = substitute(State, Call, Op.Path); Asked.isKnown())
            Wait.Predicate.insert(Asked);
    return;
  }
  for (const AccessPath &Asked : askedBehind(Function, Now.Block, Now.Event))
    if (AccessPath Path = State.resolve(Asked); Path.isKnown())
      Wait.Predicate.insert(Path);
}

void FunctionInterpreter::applyConditionWait(const AbstractState &State, const Event &E) {
  if (!IsRecording)
    return;
  Operation Op = operationOf(E, EventKind::Wait, State.resolve(E.Path));
  if (E.Values[0].What == Value::Load) {
    auto Guard = State.Guards.find(State.resolve(E.Values[0].Path));
    if (Guard != State.Guards.end() && Guard->second.Locks.size() == 1) {
      Op.WaitLock = Guard->second.Locks[0];
      if (Guard->second.Owns == GuardState::No)
        Op.Flags |= Deferred;
    }
  } else {
    Op.WaitLock = State.resolve(E.Values[0]).pointee();
  }
  if (!Op.Path.isKnown())
    return;
  addPredicate(State, E, Op);
  if (Op.Flags & Deferred)
    Program.WaitConflicts.push_back({WaitConflict::NotHeld, Id, Op, {}});
  perform(State, std::move(Op));
}

void FunctionInterpreter::askBeforeWaits() {
  for (uint32_t B = 0; B < Function.Blocks.size(); ++B)
    for (uint32_t I = 0; I < Function.Blocks[B].Events.size(); ++I)
      if (const Event &E = Function.Blocks[B].Events[I];
          E.Kind == EventKind::Wait && !E.Values.empty() && In[B].Reachable)
        askBeforeWait({B, I});
}

void FunctionInterpreter::askBeforeWait(Position Wait) {
  const std::set<uint32_t> Behind = blocksBehind(Function, Wait.Block);
  std::set<uint32_t> Asking;
  for (uint32_t Block : quietBehind(Function, Wait.Block, Wait.Event))
    if (Block != Wait.Block && blocksBehind(Function, Block).count(Wait.Block))
      Asking.insert(Block);
  // What was waited for by whoever comes to the loop.
  PathSet Earlier;
  for (uint32_t From = 0; From < Function.Blocks.size(); ++From) {
    auto Enters = [&](const Edge &Way) { return Asking.count(Way.To) != 0; };
    if (In[From].Reachable && !Behind.count(From) &&
        llvm::any_of(Function.Blocks[From].Successors, Enters))
      Earlier.unite(transfer(From).Waited);
  }
  IsRecording = true;
  for (uint32_t Block : Asking) {
    AbstractState First = In[Block];
    First.Waited = Earlier;
    const auto &Events = Function.Blocks[Block].Events;
    for (uint32_t I = 0; I < Events.size(); ++I)
      if (Events[I].Kind == EventKind::Read)
        applyPlaced(First, Events[I], {Block, I});
  }
  IsRecording = false;
}

void FunctionInterpreter::excuseWait(const AbstractState &State, Operation &Wait) const {
  // Taken at some time, or perhaps by code that is not seen.
  if (Wait.WaitLock.isKnown() &&
      (State.Passed.count(Wait.WaitLock) ||
       (State.Primitives.at(Wait.WaitLock).May & PrimitiveState::Unclear)))
    Wait.Locks.push_back({Wait.WaitLock, false, Wait.Where});
}

void FunctionInterpreter::collectConditionPairs(const Operation &A, const Operation &B,
                                                const PathSet &Stale) {
  bool IsSame = A.Path == B.Path && A.Path.isPrecise() && A.WaitLock.isKnown() &&
                B.WaitLock.isKnown() && !((A.Flags | B.Flags) & Deferred) &&
                llvm::none_of(Stale, [&](const AccessPath &Root) {
                  return A.Path.startsWith(Root) || A.WaitLock.startsWith(Root) ||
                         B.WaitLock.startsWith(Root);
                });
  if (!IsSame || !areDistinctLocks(A.WaitLock, B.WaitLock) || isOrdered(A, B, A.Path))
    return;
  bool IsFirst = A.Where == B.Where ? A.WaitLock < B.WaitLock : A.Where < B.Where;
  Program.WaitConflicts.push_back({WaitConflict::TwoLocks, Id, IsFirst ? A : B, IsFirst ? B : A});
}

void FunctionInterpreter::checkWaitLocks(const Operation &Wait) {
  // The thread has come all the way from its beginning.
  bool IsClear = Wait.isConditionWait() && Wait.WaitLock.isPrecise() && !(Wait.Flags & Deferred) &&
                 llvm::none_of(Wait.Locks, [&](const HeldLock &Lock) {
                   return !areDistinctLocks(Lock.Path, Wait.WaitLock);
                 });
  if (IsClear)
    Program.WaitConflicts.push_back({WaitConflict::NotHeld, Id, Wait, {}});
}

void ProgramModel::pairConditionWaits() {
  // Whoever shares an object may call its members, and functions that are given it, at the same
  // time.
  std::vector<std::pair<FunctionId, const Operation *>> Waits;
  for (FunctionId Id = 0; Id < Summaries.size(); ++Id)
    for (const Operation &Op : Summaries[Id].Operations)
      if (Op.isConditionWait() && Op.In == Id && !Op.Origin && Op.WaitLock.isKnown() &&
          !(Op.Flags & Deferred) && Op.Path.isPrecise())
        Waits.emplace_back(Id, &Op);
  for (size_t I = 0; I < Waits.size(); ++I)
    for (size_t J = I + 1; J < Waits.size(); ++J) {
      const auto &[InA, A] = Waits[I];
      const auto &[InB, B] = Waits[J];
      auto IsOfOneObject = [](const Operation &Wait) {
        return Wait.Path.root() == RootKind::Parameter && Wait.Path.subject() != InvalidId &&
               Wait.WaitLock.root() == RootKind::Parameter && Wait.WaitLock.isPrecise() &&
               Wait.Path.rootId() == Wait.WaitLock.rootId() && Wait.WaitLock.derefs() == 1;
      };
      bool IsGlobal = A->Path.root() == RootKind::Global;
      bool IsDistinct = IsOfOneObject(*A) && IsOfOneObject(*B)
                            ? !A->WaitLock.overlaps(B->WaitLock)
                            : IsGlobal && areDistinctLocks(A->WaitLock, B->WaitLock);
      if (InA != InB && A->Path == B->Path && IsDistinct)
        WaitConflicts.push_back({WaitConflict::TwoLocks, InA, *A, *B});
    }
  pairLostWakeups();
  llvm::sort(WaitConflicts, [](const WaitConflict &A, const WaitConflict &B) {
    return std::tie(A.First.Where, A.Second.Where, A.What, A.Frame) <
           std::tie(B.First.Where, B.Second.Where, B.What, B.Frame);
  });
}
