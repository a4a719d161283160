#include "checks/LockWords.h"

#include "checks/StoryTeller.h"

using namespace heddle;

std::string heddle::quoteLock(const ProgramModel &Program, const LockFault &Fault) {
  std::string Name = Program.spell(Fault.Lock, Fault.In);
  return Name.empty() ? "a lock" : "'" + Name + "'";
}

Finding heddle::lockFinding(const ProgramModel &Program, const LockFault &Fault,
                            std::string Message) {
  const UnitFacts &Unit = Program.unit();
  Finding F;
  F.Message = std::move(Message);
  F.Primary = Unit.resolve(Fault.Where);
  F.Identity = Unit.Functions[Fault.In].Usr + "#" + Program.spell(Fault.Lock, Fault.In);
  return F;
}

ThreadStory heddle::lockStory(const ProgramModel &Program, const LockFault &Fault,
                              llvm::StringRef BeforeWords, llvm::StringRef Words) {
  const UnitFacts &Unit = Program.unit();
  ThreadStory Story;
  bool IsEntry = Fault.Spawn.isValid();
  Story.Name = Unit.Functions[Fault.In].IsMain ? "the main thread"
               : IsEntry ? "the thread that runs " + quoteFunction(Unit, Fault.In)
                         : "a thread in " + quoteFunction(Unit, Fault.In);
  auto Tell = [&](const SourceRange &Where, std::string Text, bool IsCall = false) {
    Story.Steps.push_back({Unit.resolve(Where), std::move(Text), IsCall});
  };
  if (IsEntry)
    Tell(Fault.Spawn, "started here, runs " + quoteFunction(Unit, Fault.In), true);
  if (Fault.Before.isValid()) {
    std::string How;
    if (!Fault.BeforeCalls.empty())
      How = " by calling " + quoteFunction(Unit, Fault.BeforeCalls.front().Callee);
    Tell(Fault.Before, BeforeWords.str() + How);
  }
  bool IsBetween = Fault.Turn.isValid() && Fault.Turn.File == Fault.Where.File &&
                   (!Fault.Before.isValid() || Fault.Before < Fault.Turn);
  if (IsBetween)
    Tell(Fault.Turn, "the way goes on from this condition");
  for (const CallStep &Call : Fault.Calls)
    Tell(Call.Where, "calls " + quoteFunction(Unit, Call.Callee), true);
  Tell(Fault.Calls.empty() ? Fault.Where : Fault.At, Words.str());
  if (std::string Name = Program.spell(Fault.Lock, Fault.In);
      Fault.What != LockFault::NotHeld && Fault.What != LockFault::UncheckedTry && !Name.empty())
    Story.LocksHeld.push_back(Name + (Fault.WasShared ? " (shared)" : ""));
  return Story;
}
