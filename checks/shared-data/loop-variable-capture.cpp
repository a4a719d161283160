// A4: a task started in a loop that shares with its starter what belongs to one round of the loop.
#include "checks/Check.h"
#include "checks/StoryTeller.h"
#include "checks/TaskCaptures.h"

#include <map>

using namespace heddle;

namespace {

/// All that is known against one variable of a loop.
struct Shared {
  const OutlivedObject *Ends = nullptr;
  const ConcurrentPair *Race = nullptr;
  std::vector<const Operation *> Uses;
};

/// What has no name of its own is called as it is captured: by a structured binding.
std::string nameOf(const UnitFacts &Unit, EntityId Variable, const Operation &Use) {
  const AccessPath &Through = Use.Through;
  if (Unit.Entities[Variable].Name.empty() && Through.root() == RootKind::Capture && Use.Origin)
    Variable = Unit.Functions[Use.Origin->Entry].Captures[Through.rootId()].Variable;
  return "'" + Unit.Entities[Variable].Name + "'";
}

void report(const ProgramModel &Program, FunctionId Frame, EntityId Variable, const Shared &What,
            Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  StoryTeller Teller(Program);
  const Operation &Use = *What.Uses.front();
  std::string Name = nameOf(Unit, Variable, Use);
  bool IsCaptured = Use.Through.root() == RootKind::Capture;
  Finding F;
  F.Message = Name + (IsCaptured ? " is captured by reference by" : " is given by address to") +
              " a thread that may outlive this round of the loop";
  Operation Step;
  if (What.Race) {
    Step = What.Race->First.Origin ? What.Race->Second : What.Race->First;
    F.Message += ", and the loop changes it meanwhile";
  } else {
    Step.In = Frame;
    Step.Where = What.Ends->Ends;
    F.Message += ", and it ends with the round";
  }
  F.Primary = Unit.resolve(placeGiven(Unit, Frame, Use));
  F.Sureness = Use.Waited.empty() ? Confidence::Certain : Confidence::Likely;
  F.Threads.push_back(
      Teller.tell(Step, Frame, What.Race ? "changes " + Name : Name + " ends here"));
  F.Threads.push_back(Teller.tell(Use, Frame, "may use " + Name + " only then"));
  F.Notes.push_back(
      {Unit.resolve(Unit.Entities[Variable].Declaration), Name + " is declared here"});
  F.Identity = Unit.Entities[Variable].Usr;
  if (std::optional<Fix> Copies = captureCopies(Unit, What.Uses, FixSafety::Safe))
    F.Fixes.push_back(std::move(*Copies));
  Out.report(std::move(F));
}

void run(const ProgramModel &Program, Reporter &Out) {
  const UnitFacts &Unit = Program.unit();
  LoopVariables Racing = racingLoopVariables(Program);
  // By variable and by the place that starts the thread.
  std::map<std::tuple<SourceRange, FunctionId, EntityId>, Shared> Found;
  for (const OutlivedObject &Each : Program.outlivedObjects()) {
    if (Each.Object.root() != RootKind::Local)
      continue;
    EntityId Variable = Each.Object.rootId();
    if (!Racing.count({Each.Frame, Variable}) &&
        !isOfOneRound(Unit, Each.Frame, Variable, Each.Use))
      continue;
    Shared &Known = Found[{placeStarted(Each.Use), Each.Frame, Variable}];
    Known.Ends = &Each;
    Known.Uses.push_back(&Each.Use);
  }
  for (const ConcurrentPair &Race : Program.races()) {
    EntityId Variable = Race.First.Path.rootId();
    if (Race.First.Path.root() != RootKind::Local || !Racing.count({Race.Frame, Variable}))
      continue;
    for (const Operation *Op : {&Race.First, &Race.Second}) {
      if (!Op->Origin)
        continue;
      Shared &Known = Found[{placeStarted(*Op), Race.Frame, Variable}];
      bool MeetsLoop = !Race.First.Origin || !Race.Second.Origin;
      Known.Race = Known.Race || !MeetsLoop ? Known.Race : &Race;
      Known.Uses.push_back(Op);
    }
  }
  for (const auto &[Key, What] : Found)
    if (What.Race || What.Ends)
      report(Program, std::get<1>(Key), std::get<2>(Key), What, Out);
}

} // namespace

namespace heddle::checks {
extern const Check LoopVariableCapture;
const Check LoopVariableCapture{run};
} // namespace heddle::checks
