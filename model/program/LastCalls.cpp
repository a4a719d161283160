#include "model/program/LastCalls.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// How calls of a function end.
enum class Ending : uint8_t {
  Returns, ///< On some way, or nothing is known.
  Throws,  ///< On some way, and on no other does it come back.
  Ends,    ///< The thread or the program, or by a jump.
  Loops,   ///< It is left by nothing that is seen.
};

FunctionId calleeOf(const Event &E) {
  if (E.Kind == EventKind::Call)
    return E.Callee;
  bool IsKnown = E.Kind == EventKind::CallValue && !E.has(Dispatch) && E.Values[0].isCallable();
  return IsKnown ? E.Values[0].Callee : InvalidId;
}

/// Ends the block behind the call, unless something may be thrown to a handler of which the facts
/// do not tell.
void endBehind(FunctionFacts &Function, Block &B, size_t At, Ending How) {
  const TryBlock *Try = Function.tryAround(B.Events[At].Where);
  if (How == Ending::Loops && Try)
    return;
  B.Events.resize(At + 1);
  bool IsCaught = How == Ending::Throws && Try;
  B.Successors = {{IsCaught ? Try->Dispatch : FunctionFacts::ExitBlock, {}}};
  B.Leaves = IsCaught                ? Leaving::Normally
             : How == Ending::Throws ? Leaving::Throws
                                     : Leaving::NeverReturns;
}

Ending endingOf(const FunctionFacts &Function) {
  if (!Function.HasBody || Function.Blocks.empty() || Function.IsCoroutine ||
      Function.IsOverridable || Function.IsJumpTarget)
    return Ending::Returns;
  bool Throws = false, Ends = false;
  std::vector<bool> Seen(Function.Blocks.size());
  std::vector<uint32_t> Work{FunctionFacts::EntryBlock};
  while (!Work.empty()) {
    uint32_t Index = Work.back();
    Work.pop_back();
    if (Seen[Index])
      continue;
    Seen[Index] = true;
    const Block &B = Function.Blocks[Index];
    // That no handler matches is possible for the graph only.
    bool IsDispatch = llvm::any_of(Function.TryBlocks,
                                   [&](const TryBlock &Try) { return Try.Dispatch == Index; });
    for (const Edge &Way : B.Successors) {
      if (Way.To != FunctionFacts::ExitBlock) {
        Work.push_back(Way.To);
        continue;
      }
      if (B.Leaves == Leaving::Normally && !IsDispatch)
        return Ending::Returns;
      Throws |= B.Leaves == Leaving::Throws || IsDispatch;
      Ends |= B.Leaves != Leaving::Throws && !IsDispatch;
    }
    // Whatever is called inside of a try may throw something to its handlers.
    for (const Event &E : B.Events)
      if (const TryBlock *Try = Function.tryAround(E.Where))
        Work.push_back(Try->Dispatch);
  }
  return Throws ? Ending::Throws : Ends ? Ending::Ends : Ending::Loops;
}

} // namespace

void heddle::endWaysAtLastCalls(UnitFacts &Unit, const std::vector<FunctionId> &BottomUp) {
  std::vector<Ending> Endings(Unit.Functions.size(), Ending::Returns);
  bool Any = false;
  for (FunctionId Id : BottomUp) {
    FunctionFacts &Function = Unit.Functions[Id];
    for (Block &B : Function.Blocks)
      for (size_t I = 0; Any && I < B.Events.size(); ++I) {
        FunctionId Callee = calleeOf(B.Events[I]);
        if (Callee == InvalidId || Endings[Callee] == Ending::Returns)
          continue;
        endBehind(Function, B, I, Endings[Callee]);
        break;
      }
    Endings[Id] = endingOf(Function);
    Any |= Endings[Id] != Ending::Returns;
  }
}
