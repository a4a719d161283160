// Access paths as people write them.
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <utility>

using namespace heddle;

namespace {

/// The variable that a path starts from in a function, and how many steps its name stands for.
struct SpelledRoot {
  std::string Text;
  unsigned Steps = 0;
  bool IsPointer = false; ///< The next step goes through a pointer held in it.
};

SpelledRoot spellRoot(const UnitFacts &Unit, const AccessPath &Path, FunctionId In) {
  const FunctionFacts &Function = Unit.Functions[In];
  auto Slot = [&](const std::vector<Parameter> &Slots) -> SpelledRoot {
    if (Path.rootId() >= Slots.size())
      return {};
    const Parameter &P = Slots[Path.rootId()];
    bool HasDeref = !Path.steps().empty() && Path.steps()[0].What == PathStep::Deref;
    if (P.Variable == InvalidId) // `this`, or a captured one
      return {"this", 0, true};
    return {Unit.Entities[P.Variable].Name, P.IsReference && HasDeref ? 1u : 0u, false};
  };
  switch (Path.root()) {
  case RootKind::Global:
  case RootKind::Local:
    if (!Path.steps().empty() && Path.steps()[0].What == PathStep::Field)
      for (const auto &[Field, Name] : Unit.Entities[Path.rootId()].Bindings)
        if (Field == Path.steps()[0].Id)
          return {Name, 1, false};
    return {Unit.Entities[Path.rootId()].Name, 0, false};
  case RootKind::Parameter:
    return Slot(Function.Parameters);
  case RootKind::Capture:
    return Slot(Function.Captures);
  default:
    return {};
  }
}

/// The way from a member to its object is written in many ways, mostly by a macro.
bool hasOuter(const AccessPath &Path) {
  return llvm::any_of(Path.steps(), [](PathStep S) { return S.What == PathStep::Outer; });
}

std::string spellSteps(const UnitFacts &Unit, const AccessPath &Path, const SpelledRoot &Root) {
  std::string Text = Root.Text;
  bool Dereferenced = false;
  bool IsReference = (Path.root() == RootKind::Global || Path.root() == RootKind::Local) &&
                     Unit.Entities[Path.rootId()].IsReference;
  for (unsigned I = Root.Steps; I < Path.steps().size(); ++I) {
    PathStep Step = Path.steps()[I];
    switch (Step.What) {
    case PathStep::Deref:
      if (std::exchange(IsReference, false))
        break;
      if (Dereferenced)
        Text = "(*" + Text + ")";
      Dereferenced = true;
      break;
    case PathStep::Field:
      if (Dereferenced && Text == "this")
        Text = Unit.Entities[Step.Id].Name;
      else
        Text += (Dereferenced ? "->" : ".") + Unit.Entities[Step.Id].Name;
      Dereferenced = false;
      IsReference = Unit.Entities[Step.Id].IsReference;
      break;
    case PathStep::Element:
    case PathStep::Chosen:
      Text += "[...]";
      Dereferenced = false;
      break;
    case PathStep::ElementAt:
      Text += "[" + std::to_string(Step.number()) + "]";
      Dereferenced = false;
      break;
    case PathStep::Offset:
      Text += "[" + std::to_string(Step.number()) + "]";
      Dereferenced = false;
      break;
    case PathStep::Given:
    case PathStep::Outer:
      break;
    }
  }
  return Dereferenced ? "*" + Text : Text;
}

} // namespace

std::string ProgramModel::spell(const AccessPath &Path, FunctionId In) const {
  SpelledRoot Root = spellRoot(Facts, Path, In);
  if (!Root.Text.empty() && !hasOuter(Path))
    return spellSteps(Facts, Path, Root);
  EntityId Subject = Path.subject();
  return Subject == InvalidId ? "" : Facts.Entities[Subject].Name;
}

std::string ProgramModel::spellForCode(const AccessPath &Path, FunctionId In) const {
  if (!Path.isPrecise() || hasOuter(Path))
    return "";
  SpelledRoot Root = spellRoot(Facts, Path, In);
  if (Root.Text.empty())
    return "";
  if (Path.root() == RootKind::Capture) {
    // Only what the lambda holds by reference, or its captured object, is the shared one.
    const Parameter &Slot = Facts.Functions[In].Captures[Path.rootId()];
    if (!Slot.IsReference)
      return "";
  }
  if (Path.root() == RootKind::Local && Facts.Functions[In].hasCaptures())
    return "";
  return spellSteps(Facts, Path, Root);
}
