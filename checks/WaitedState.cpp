#include "checks/WaitedState.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// The variable as the function around the lambda knows it.
EntityId variableOf(const FunctionFacts &Function, const AccessPath &Path) {
  EntityId Subject = Path.subject();
  if (Subject == InvalidId && Path.root() == RootKind::Capture &&
      Path.rootId() < Function.Captures.size())
    return Function.Captures[Path.rootId()].Variable;
  return Subject;
}

bool isAskedByPredicate(const ProgramModel &Program, const Event &Wait, EntityId Subject) {
  const UnitFacts &Unit = Program.unit();
  if (Wait.Values.size() < 2 || Wait.Values[1].Callee >= Unit.Functions.size())
    return false;
  FunctionId Asked = Wait.Values[1].Callee;
  return llvm::any_of(Program.summary(Asked).Operations, [&](const Operation &Op) {
    return Op.Kind == EventKind::Read && variableOf(Unit.Functions[Asked], Op.Path) == Subject;
  });
}

} // namespace

bool heddle::isAskedByCondition(const ProgramModel &Program, EntityId Subject) {
  if (Subject == InvalidId)
    return false;
  auto Asks = [&](const Operation &Op) {
    return Op.isConditionWait() && llvm::any_of(Op.Predicate, [&](const AccessPath &Asked) {
             return Asked.subject() == Subject;
           });
  };
  for (const ThreadRun &Run : Program.threads())
    if (llvm::any_of(Run.Operations, Asks))
      return true;
  const UnitFacts &Unit = Program.unit();
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id) {
    bool IsAsked = llvm::any_of(Program.summary(Id).Operations, Asks);
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      IsAsked |= E.Kind == EventKind::Wait && isAskedByPredicate(Program, E, Subject);
    });
    if (IsAsked)
      return true;
  }
  return false;
}
