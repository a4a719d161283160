#include "model/program/ControlFlow.h"

#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static bool contains(const SourceRange &Outer, const SourceRange &Inner) {
  return Outer.isValid() && Outer.encloses(Inner);
}

ControlFlow::ControlFlow(const ValueFlow &Values)
    : Values(Values), Unit(Values.unit()), Effects(Unit.Functions.size()) {
  findEffects();
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    Traps.push_back(findTraps(Id));
    Calls.push_back(findCalls(Id));
  }
}

void ControlFlow::findEffects() {
  // Effects only grow: start from "does nothing" and go on while a callee changes its callers.
  std::vector<std::vector<FunctionId>> Callers(Unit.Functions.size());
  // Mostly in the order of the source, in which callees come first.
  llvm::BitVector Pending(Unit.Functions.size(), true);
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      FunctionId Callee = E.Kind == EventKind::Spawn ? InvalidId : Values.callee(Id, E);
      if (Callee < Callers.size())
        Callers[Callee].push_back(Id);
    });
  for (int Id = Pending.find_first(); Id >= 0; Id = Pending.find_first()) {
    Pending.reset(Id);
    Effect New;
    if (!Unit.Functions[Id].HasBody) {
      New.Returns = true;
    } else {
      std::vector<bool> Live = reachable(Id);
      for (uint32_t B = 0; B < Live.size(); ++B)
        if (Live[B] && B != FunctionFacts::ExitBlock) {
          Effect Out = ways(Id, B).Out;
          New.Returns |= Out.Returns;
          New.Throws |= Out.Throws;
          New.Ends |= Out.Ends;
        }
    }
    if (New == Effects[Id])
      continue;
    Effects[Id] = New;
    for (FunctionId Caller : Callers[Id])
      Pending.set(Caller);
  }
}

ControlFlow::Ways ControlFlow::ways(FunctionId Id, uint32_t Index) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  const Block &B = Function.Blocks[Index];
  Ways Result;
  bool IsCut = false;
  for (const Event &E : B.Events) {
    ++Result.Executed;
    const TryBlock *Try = Function.tryAround(E.Where);
    // Whatever happens inside a try may throw something to its handlers.
    if (Try)
      Result.Next.push_back(Try->Dispatch);
    FunctionId Callee = E.Kind == EventKind::Spawn ? InvalidId : Values.callee(Id, E);
    if (Callee >= Effects.size())
      continue;
    const Effect &Called = Effects[Callee];
    Result.Out.Ends |= Called.Ends;
    if (Called.Throws &&
        (!Try || llvm::any_of(Function.Blocks[Try->Dispatch].Successors,
                              [](const Edge &Out) { return Out.To == FunctionFacts::ExitBlock; })))
      Result.Out.Throws = true;
    if (!Called.Returns) {
      IsCut = true;
      break;
    }
  }
  if (IsCut)
    return Result;
  bool IsDispatch =
      llvm::any_of(Function.TryBlocks, [&](const TryBlock &Try) { return Try.Dispatch == Index; });
  for (const Edge &Out : B.Successors) {
    if (Out.To != FunctionFacts::ExitBlock) {
      Result.Next.push_back(Out.To);
      continue;
    }
    // An exception that nobody named ends the program rather than the loop.
    if (IsDispatch)
      continue;
    Result.Out.Returns |= B.Leaves == Leaving::Normally;
    Result.Out.Throws |= B.Leaves == Leaving::Throws;
    Result.Out.Ends |= B.Leaves == Leaving::NeverReturns || B.Leaves == Leaving::Jumps;
    Result.GivesUp |= B.Leaves == Leaving::GivesUp;
  }
  return Result;
}

std::vector<bool> ControlFlow::from(FunctionId Id, uint32_t Start) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Pending;
  if (Start < Seen.size()) {
    Seen[Start] = true;
    Pending.push_back(Start);
  }
  while (!Pending.empty()) {
    uint32_t B = Pending.back();
    Pending.pop_back();
    Ways Out = ways(Id, B);
    if (Out.Out.Returns)
      Seen[FunctionFacts::ExitBlock] = true;
    for (uint32_t Next : Out.Next)
      if (!Seen[Next]) {
        Seen[Next] = true;
        Pending.push_back(Next);
      }
  }
  return Seen;
}

std::vector<bool> ControlFlow::reachable(FunctionId Id) const {
  return from(Id, FunctionFacts::EntryBlock);
}

std::vector<bool> ControlFlow::reachingExit(FunctionId Id) const {
  size_t Count = Unit.Functions[Id].Blocks.size();
  std::vector<bool> Reaches(Count);
  std::vector<std::vector<uint32_t>> Before(Count);
  std::vector<uint32_t> Pending;
  for (uint32_t B = 0; B < Count; ++B) {
    Ways Out = ways(Id, B);
    for (uint32_t Next : Out.Next)
      Before[Next].push_back(B);
    if (Out.Out.Returns || Out.Out.Throws || Out.Out.Ends || Out.GivesUp ||
        B == FunctionFacts::ExitBlock) {
      Reaches[B] = true;
      Pending.push_back(B);
    }
  }
  while (!Pending.empty()) {
    uint32_t B = Pending.back();
    Pending.pop_back();
    for (uint32_t Earlier : Before[B])
      if (!Reaches[Earlier]) {
        Reaches[Earlier] = true;
        Pending.push_back(Earlier);
      }
  }
  return Reaches;
}

bool ControlFlow::exitReachable(FunctionId Id) const {
  const Effect &E = Effects[Id];
  return E.Returns || E.Throws || E.Ends;
}

std::vector<bool> ControlFlow::trapped(FunctionId Id) const {
  std::vector<bool> Result = reachable(Id), Free = reachingExit(Id);
  for (size_t B = 0; B < Result.size(); ++B)
    Result[B] = Result[B] && !Free[B];
  return Result;
}

std::vector<Trap> ControlFlow::findTraps(FunctionId Id) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  if (Function.Loops.empty())
    return {};
  std::vector<bool> Trapped = trapped(Id);
  // The loops that run for ever, each with what can be reached from its next round.
  struct Candidate {
    uint32_t Loop;
    std::vector<bool> Reach;
  };
  std::vector<Candidate> Candidates;
  for (uint32_t L = 0; L < Function.Loops.size(); ++L) {
    const Loop &Current = Function.Loops[L];
    uint32_t Header = Current.Header;
    // Without facts about handlers, one outside of the loop may be the way out.
    if (Header >= Function.Blocks.size() || !Trapped[Header] || !Current.ConditionIsTrue ||
        (Current.InsideTry && Function.TryBlocks.empty()))
      continue;
    std::vector<bool> Reach(Function.Blocks.size());
    for (uint32_t Next : ways(Id, Header).Next) {
      std::vector<bool> More = from(Id, Next);
      for (size_t B = 0; B < Reach.size(); ++B)
        Reach[B] = Reach[B] || More[B];
    }
    if (Reach[Header])
      Candidates.push_back({L, std::move(Reach)});
  }
  std::vector<Trap> Result;
  for (const Candidate &C : Candidates) {
    uint32_t Header = Function.Loops[C.Loop].Header;
    bool IsBlamed = llvm::none_of(Candidates, [&](const Candidate &Other) {
      if (&Other == &C || !C.Reach[Function.Loops[Other.Loop].Header])
        return false;
      bool ComesBack = Other.Reach[Header];
      return !ComesBack ||
             contains(Function.Loops[Other.Loop].Body, Function.Loops[C.Loop].Keyword);
    });
    if (!IsBlamed)
      continue;
    Trap Found{C.Loop, {}};
    for (uint32_t B = 0; B < C.Reach.size(); ++B)
      if (C.Reach[B])
        Found.Blocks.push_back(B);
    Result.push_back(std::move(Found));
  }
  return Result;
}

std::vector<ControlFlow::Call> ControlFlow::findCalls(FunctionId Caller) const {
  const FunctionFacts &Function = Unit.Functions[Caller];
  std::vector<bool> Live = reachable(Caller), Free = reachingExit(Caller);
  std::vector<Call> Result;
  for (uint32_t B = 0; B < Live.size(); ++B) {
    if (!Live[B])
      continue;
    size_t Executed = ways(Caller, B).Executed;
    for (const Event &E : llvm::ArrayRef(Function.Blocks[B].Events).take_front(Executed)) {
      FunctionId Callee = E.Kind == EventKind::Spawn ? InvalidId : Values.callee(Caller, E);
      if (Callee >= Effects.size())
        continue;
      const TryBlock *Try = Function.tryAround(E.Where);
      Result.push_back({&E, Callee, Try && Free[Try->Dispatch]});
    }
  }
  return Result;
}

std::vector<const Event *> ControlFlow::liveEvents(FunctionId Id, bool Returning) const {
  const FunctionFacts &Function = Unit.Functions[Id];
  std::vector<bool> Live = reachable(Id);
  std::vector<const Event *> Result;
  for (uint32_t B = 0; B < Live.size(); ++B)
    if (Live[B] && (!Returning || from(Id, B)[FunctionFacts::ExitBlock]))
      for (const Event &E :
           llvm::ArrayRef(Function.Blocks[B].Events).take_front(ways(Id, B).Executed))
        Result.push_back(&E);
  return Result;
}

void ControlFlow::collect(FunctionId Id, const std::vector<uint32_t> &Blocks,
                          std::vector<bool> &Seen, Contents &Out) const {
  for (uint32_t B : Blocks) {
    size_t Executed = ways(Id, B).Executed;
    for (const Event &E :
         llvm::ArrayRef(Unit.Functions[Id].Blocks[B].Events).take_front(Executed)) {
      if (E.Kind == EventKind::Join || E.Kind == EventKind::Wait || E.Kind == EventKind::Acquire ||
          ((E.Kind == EventKind::Send || E.Kind == EventKind::Receive) && !E.has(NonBlocking)))
        Out.HasWaits = true;
      if (E.Kind == EventKind::UnknownCall)
        Out.HasUnknownCalls = true;
      if (E.Kind != EventKind::Call && E.Kind != EventKind::CallValue)
        continue;
      FunctionId Callee = Values.callee(Id, E);
      if (Callee >= Effects.size() || !Unit.Functions[Callee].HasBody) {
        Out.HasUnknownCalls = true;
      } else if (!Seen[Callee]) {
        Seen[Callee] = true;
        std::vector<bool> Live = reachable(Callee);
        std::vector<uint32_t> All;
        for (uint32_t Inner = 0; Inner < Live.size(); ++Inner)
          if (Live[Inner])
            All.push_back(Inner);
        collect(Callee, All, Seen, Out);
      }
    }
  }
}

ControlFlow::Contents ControlFlow::contents(FunctionId Id,
                                            const std::vector<uint32_t> &Blocks) const {
  Contents Result;
  std::vector<bool> Seen(Unit.Functions.size());
  collect(Id, Blocks, Seen, Result);
  return Result;
}
