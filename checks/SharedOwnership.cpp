#include "checks/SharedOwnership.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <set>

using namespace heddle;

std::optional<Fix> heddle::ownTogether(const UnitFacts &Unit,
                                       const std::vector<const OutlivedObject *> &Objects) {
  const FunctionFacts &Frame = Unit.Functions[Objects.front()->Frame];
  std::set<EntityId> Variables;
  bool AnyByDefault = false;
  Fix Result;
  std::vector<std::string> Names;
  for (const OutlivedObject *Each : Objects) {
    const ThreadOrigin &Origin = *Each->Use.Origin;
    if (Each->Object.root() != RootKind::Local || Origin.Parent || !Origin.Calls.empty() ||
        Each->Use.Through.root() != RootKind::Capture)
      return std::nullopt;
    EntityId Variable = Each->Object.rootId();
    if (!Variables.insert(Variable).second)
      continue;
    auto Form = llvm::find_if(Frame.SharedForms, [&](const SharedForm &Known) {
      return Known.Variable == Variable && Known.Start == Origin.Spawn;
    });
    if (Form == Frame.SharedForms.end())
      return std::nullopt;
    AnyByDefault |= Form->IsByDefault;
    Names.push_back("'" + Unit.Entities[Variable].Name + "'");
    for (const auto &[Where, Text] : Form->Edits)
      Result.Edits.push_back({Unit.resolve(Where), Text});
  }
  // Behind a default all of them would be named at one place.
  if (Names.empty() || (AnyByDefault && Names.size() > 1))
    return std::nullopt;
  Result.Title = "let the task own " + llvm::join(Names, " and ") + " as well, by shared pointer" +
                 (Names.size() > 1 ? "s" : "");
  Result.Safety = FixSafety::Unsafe;
  Result.Includes.push_back(Frame.SharedFormHeader);
  return Result;
}
