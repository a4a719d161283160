#include "checks/OnceFixes.h"

#include "model/facts/ValueFlow.h"

#include <algorithm>

using namespace heddle;

namespace {

bool isOnlyWrite(const UnitFacts &Unit, EntityId Variable, const SourceRange &Where) {
  bool Result = Unit.Entities[Variable].IsLocalToUnit;
  for (const FunctionFacts &Function : Unit.Functions)
    forEachEvent(Function, [&](const Event &E) {
      if ((E.Kind == EventKind::Write || E.Kind == EventKind::Update) &&
          E.Path.subject() == Variable)
        Result &= E.Where == Where;
    });
  return Result;
}

} // namespace

std::optional<Fix> heddle::initializeOnce(const UnitFacts &Unit, const CheckedWrite &Init,
                                          const ValueTest &Test) {
  const AccessPath &Path = Init.Write.LocalPath;
  if (Unit.IsC || Path.root() != RootKind::Global || !Path.isRootOnly() || Test.In != Init.Write.In)
    return std::nullopt;
  const FunctionFacts &Function = Unit.Functions[Test.In];
  auto If =
      std::find_if(Function.PlainIfs.begin(), Function.PlainIfs.end(), [&](const PlainIf &Each) {
        return Each.Condition.encloses(Test.Where) &&
               Each.Condition.End - Each.Condition.Begin <=
                   Test.Where.End - Test.Where.Begin + 12 &&
               Each.Body.encloses(Init.Write.Where);
      });
  if (If == Function.PlainIfs.end())
    return std::nullopt;
  const Entity &Variable = Unit.Entities[Path.rootId()];
  std::string Flag = Variable.Name + "_once";
  Fix Result;
  Result.Title = "initialise '" + Variable.Name + "' with std::call_once";
  Result.Includes.emplace_back("<mutex>");
  Result.Safety =
      isOnlyWrite(Unit, Path.rootId(), Init.Write.Where) ? FixSafety::Safe : FixSafety::Unsafe;
  const char *Open = If->BodyIsBlock ? "" : " {";
  Result.Edits.push_back(
      {Unit.resolve(If->Head),
       "static std::once_flag " + Flag + ";\n  std::call_once(" + Flag + ", [&]" + Open});
  Result.Edits.push_back({Unit.resolve(If->Body).behind(), If->BodyIsBlock ? ");" : " });"});
  return Result;
}
