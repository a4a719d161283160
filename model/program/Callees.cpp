#include "model/program/Callees.h"

#include "model/facts/ValueFlow.h"

#include <vector>

using namespace heddle;

void heddle::addCallees(const UnitFacts &Unit, std::set<FunctionId> &Functions,
                        llvm::function_ref<bool(const FunctionFacts &)> Passes) {
  std::vector<FunctionId> Work(Functions.begin(), Functions.end());
  while (!Work.empty()) {
    const FunctionFacts &Caller = Unit.Functions[Work.back()];
    Work.pop_back();
    if (Passes(Caller))
      forEachEvent(Caller, [&](const Event &E) {
        if (E.Kind == EventKind::Call && E.Callee != InvalidId && Functions.insert(E.Callee).second)
          Work.push_back(E.Callee);
      });
  }
}
