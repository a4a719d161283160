#include "model/program/UnseenSections.h"

#include "model/facts/ValueFlow.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

namespace {

/// Where a function calls an unseen one.
struct Calls {
  SourceRange First, Last;
};

bool isMark(const Event &E, const Value &V) {
  return E.Kind == EventKind::UnknownCall && V.What == Value::PointsTo && V.Number > 0 &&
         V.Path == AccessPath(RootKind::Global, static_cast<uint32_t>(V.Number - 1));
}

/// Whether the two are called by the same functions, each time first `Before` and at last `After`.
bool isSection(const std::map<FunctionId, Calls> &Before,
               const std::map<FunctionId, Calls> &After) {
  return Before.size() == After.size() && llvm::all_of(Before, [&](const auto &In) {
           auto Same = After.find(In.first);
           return Same != After.end() && In.second.First < Same->second.First &&
                  In.second.Last < Same->second.Last;
         });
}

} // namespace

void heddle::pairUnseenSections(UnitFacts &Unit) {
  std::map<EntityId, std::map<FunctionId, Calls>> Known;
  for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
    forEachEvent(Unit.Functions[Id], [&](const Event &E) {
      for (const Value &V : E.Values)
        if (isMark(E, V)) {
          auto [At, IsNew] = Known[V.Path.rootId()].try_emplace(Id, Calls{E.Where, E.Where});
          if (E.Where < At->second.First)
            At->second.First = E.Where;
          if (At->second.Last < E.Where)
            At->second.Last = E.Where;
        }
    });
  if (Known.empty())
    return;
  std::map<EntityId, std::vector<EntityId>> Sections; // by who is called there: who begins them
  for (const auto &[First, Before] : Known)
    for (const auto &[Second, After] : Known)
      if (isSection(Before, After)) {
        Sections[First].push_back(First);
        Sections[Second].push_back(First);
      }
  auto Settle = [&](Event &E) {
    auto Mark = llvm::find_if(E.Values, [&](const Value &V) { return isMark(E, V); });
    if (Mark == E.Values.end())
      return;
    Value Own = *Mark;
    E.Values.erase(Mark);
    for (EntityId Begin : Sections[Own.Path.rootId()]) {
      Own.Path = AccessPath(RootKind::Global, Begin);
      E.Values.push_back(Own);
    }
  };
  for (FunctionFacts &Function : Unit.Functions)
    for (Block &B : Function.Blocks) {
      llvm::for_each(B.Events, Settle);
      for (Edge &Out : B.Successors)
        llvm::for_each(Out.Events, Settle);
    }
}
