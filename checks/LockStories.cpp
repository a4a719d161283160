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

std::pair<std::string, std::string> heddle::quoteLocks(const ProgramModel &Program,
                                                       const HeldLock &Held, const Operation &Taken,
                                                       FunctionId Frame) {
  std::pair<std::string, std::string> Names = {quoteLock(Program, Held.Path, Frame, Held.Where),
                                               quoteLock(Program, Taken.Path, Frame, Taken.Where)};
  if (Names.first != Names.second)
    return Names;
  // Of objects without names only the member is left.
  std::string First = spellAt(Program, Held.Where), Second = spellAt(Program, Taken.Where);
  if (!First.empty() && !Second.empty() && First != Second)
    Names = {"'" + First + "'", "'" + Second + "'"};
  return Names;
}

static std::vector<WayHere> wayTo(const Operation &Op) {
  std::vector<WayHere> Backwards;
  auto Add = [&](const std::vector<CallStep> &Calls) {
    for (size_t I = Calls.size(); I-- > 0;)
      Backwards.push_back({Calls[I].Where, false});
  };
  Add(Op.Calls);
  for (const ThreadOrigin *Origin = Op.Origin.get(); Origin; Origin = Origin->Parent.get()) {
    Backwards.push_back({Origin->Spawn, true});
    Add(Origin->Calls);
  }
  return Backwards;
}

std::optional<std::pair<WayHere, WayHere>> heddle::findParting(const Operation &A,
                                                               const Operation &B) {
  std::vector<WayHere> OfA = wayTo(A), OfB = wayTo(B);
  for (size_t I = 0; I < std::min(OfA.size(), OfB.size()); ++I)
    if (!(OfA[I].Where == OfB[I].Where))
      return std::pair(OfA[I], OfB[I]);
  return std::nullopt;
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
