#include "checks/LockStories.h"

#include "model/facts/ValueFlow.h"

using namespace heddle;

namespace {

/// What the call that takes a lock there names it.
std::string spellAt(const ProgramModel &Program, SourceRange Taken) {
  std::string Text;
  const UnitFacts &Unit = Program.unit();
  for (FunctionId Id = 0; Id < Unit.Functions.size() && Taken.isValid(); ++Id)
    if (Unit.Functions[Id].BodyRange.encloses(Taken))
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        if (!(E.Where == Taken) || !Text.empty())
          return;
        if (E.Kind == EventKind::Acquire)
          Text = Program.spell(E.Path, Id);
        else if (E.Kind == EventKind::GuardMake && E.Values.size() == 1)
          Text = Program.spell(E.Values[0].pointee(), Id);
      });
  return Text;
}

} // namespace

std::string heddle::quoteLock(const ProgramModel &Program, const AccessPath &Lock, FunctionId Frame,
                              SourceRange Taken) {
  std::string Text = Program.spell(Lock, Frame);
  if (Text.empty())
    Text = spellAt(Program, Taken);
  return Text.empty() ? "a lock" : "'" + Text + "'";
}

ThreadStory heddle::tellHolding(const ProgramModel &Program, const Operation &Op, FunctionId Frame,
                                const HeldLock &Held, std::string LastWords) {
  const UnitFacts &Unit = Program.unit();
  ThreadStory Story = StoryTeller(Program).tell(Op, Frame, std::move(LastWords));
  // Before the step that leaves the function in which the lock is taken.
  size_t First = Story.Steps.size() - 1 - Op.Calls.size(), Taken = 0;
  for (size_t I = 0; I <= Op.Calls.size(); ++I) {
    FunctionId In = I > 0 ? Op.Calls[I - 1].Callee : Op.Origin ? Op.Origin->Entry : Frame;
    if (In != InvalidId && Unit.Functions[In].BodyRange.encloses(Held.Where)) {
      Taken = I;
      break;
    }
  }
  Story.Steps.insert(Story.Steps.begin() + First + Taken,
                     {Unit.resolve(Held.Where),
                      "locks " + quoteLock(Program, Held.Path, Frame, Held.Where) +
                          (Held.IsShared ? " (shared)" : ""),
                      false});
  return Story;
}
