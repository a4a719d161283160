#include "checks/StoryTeller.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

std::string heddle::quoteFunction(const UnitFacts &Unit, FunctionId Id) {
  if (Id == InvalidId)
    return "an unknown function";
  const FunctionFacts &Function = Unit.Functions[Id];
  if (Function.Region != RegionKind::None)
    return (Function.Region == RegionKind::Team ? "the parallel region at line "
                                                : "the task at line ") +
           std::to_string(Function.NameRange.Line);
  return Function.IsLambda ? "the lambda at line " + std::to_string(Function.NameRange.Line)
                           : "'" + Function.Name + "'";
}

void heddle::tellApart(std::vector<ThreadStory> &Threads) {
  if (Threads.empty())
    return;
  const std::string First = Threads.front().Name;
  llvm::StringRef Rest = First;
  if (!Rest.consume_front("the ") && !Rest.consume_front("a "))
    return;
  for (ThreadStory &Other : llvm::drop_begin(Threads))
    if (Other.Name == First) {
      Other.Name = "another " + Rest.str();
      Threads.front().Name = "one " + Rest.str();
    }
}

std::string StoryTeller::nameOther(const ConcurrentPair &Pair) const {
  std::vector<ThreadStory> Both(2);
  Both[0].Name = nameThread(Pair.First, Pair.Frame);
  Both[1].Name = nameThread(Pair.Second, Pair.Frame);
  tellApart(Both);
  return std::move(Both[1].Name);
}

void StoryTeller::tellCalls(const std::vector<CallStep> &Calls,
                            std::vector<ThreadStep> &Steps) const {
  for (const CallStep &Call : Calls)
    Steps.push_back({Program.unit().resolve(Call.Where),
                     "calls " + quoteFunction(Program.unit(), Call.Callee), true});
}

void StoryTeller::tellOrigin(const ThreadOrigin &Origin, std::vector<ThreadStep> &Steps) const {
  if (Origin.Parent)
    tellOrigin(*Origin.Parent, Steps);
  tellCalls(Origin.Calls, Steps);
  std::string Entry = quoteFunction(Program.unit(), Origin.Entry);
  Steps.push_back({Program.unit().resolve(Origin.Spawn),
                   Origin.IsServed ? Entry + " is put here for another thread to run"
                                   : "started here, runs " + Entry,
                   true});
}

std::string StoryTeller::nameThread(const Operation &Op, FunctionId Frame) const {
  const UnitFacts &Unit = Program.unit();
  if (Op.Origin && Op.Origin->Entry != InvalidId)
    switch (Unit.Functions[Op.Origin->Entry].Region) {
    case RegionKind::Team:
      return "a thread of " + quoteFunction(Unit, Op.Origin->Entry);
    case RegionKind::Tasks:
    case RegionKind::Task:
      return quoteFunction(Unit, Op.Origin->Entry);
    case RegionKind::None:
      break;
    }
  if (Op.Origin)
    return "the thread that runs " + quoteFunction(Unit, Op.Origin->Entry);
  // What one member does is told beside what another one does.
  FunctionId Here = Op.Calls.empty() && Op.In != InvalidId ? Op.In : Frame;
  return Unit.Functions[Here].IsMain ? "the main thread"
                                     : "the thread in " + quoteFunction(Unit, Here);
}

std::vector<std::string> StoryTeller::locks(const Operation &Op, FunctionId Frame) const {
  std::vector<std::string> Result;
  for (const HeldLock &Lock : Op.Locks)
    if (std::string Text = Program.spell(Lock.Path, Frame); !Text.empty())
      if (Text += Lock.IsShared ? " (shared)" : ""; !llvm::is_contained(Result, Text))
        Result.push_back(std::move(Text));
  return Result;
}

ThreadStory StoryTeller::tell(const Operation &Op, FunctionId Frame, std::string LastWords) const {
  ThreadStory Story;
  Story.Name = nameThread(Op, Frame);
  if (Op.Origin)
    tellOrigin(*Op.Origin, Story.Steps);
  tellCalls(Op.Calls, Story.Steps);
  Story.Steps.push_back({Program.unit().resolve(Op.Where), std::move(LastWords), false});
  Story.LocksHeld = locks(Op, Frame);
  return Story;
}
