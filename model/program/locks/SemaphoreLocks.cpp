// Semaphores that are used as locks.
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include <map>

using namespace heddle;

namespace {

/// What the unit does with the semaphores of one name.
struct Uses {
  bool IsMade = false;
  bool IsLock = true; ///< As far as was seen.
};

} // namespace

void ProgramModel::findSemaphoreLocks() {
  std::map<EntityId, Uses> Known;
  for (const FunctionFacts &Function : Facts.Functions) {
    // A result that is kept in a variable: the variable's name is the semaphore's.
    std::map<AccessPath, AccessPath> Keepers;
    std::map<EntityId, std::pair<SourceRange, SourceRange>> FirstUse; // taken, given back
    forEachEvent(Function, [&](const Event &E) {
      if (E.Kind == EventKind::Store && E.Values[0].What == Value::Load)
        Keepers.emplace(E.Values[0].Path, E.Path.deref());
    });
    forEachEvent(Function, [&](const Event &E) {
      if (!E.has(Semaphore))
        return;
      auto Keeper = Keepers.find(E.Path);
      EntityId Subject = (Keeper == Keepers.end() ? E.Path : Keeper->second).subject();
      if (Subject == InvalidId)
        return;
      if (E.Kind == EventKind::ChannelMake) {
        Uses &All = Known[Subject];
        All.IsMade = true;
        All.IsLock &= E.Values[0].What == Value::Constant && E.Values[0].Number == 1;
      } else if (E.Kind == EventKind::Receive || E.Kind == EventKind::Send) {
        auto &[Taken, Given] = FirstUse[Subject];
        SourceRange &Place = E.Kind == EventKind::Receive ? Taken : Given;
        if (!Place.isValid() || E.Where < Place)
          Place = E.Where;
        Known[Subject].IsLock &= !E.has(NonBlocking);
      }
    });
    // Who only takes it, or gives it back before, hands something over to somebody else.
    for (const auto &[Subject, Places] : FirstUse)
      Known[Subject].IsLock &=
          Places.first.isValid() && Places.second.isValid() && Places.first < Places.second;
  }
  for (const auto &[Subject, All] : Known) {
    int64_t Declared = Facts.Entities[Subject].DeclaredCapacity;
    if (All.IsLock && (All.IsMade ? Declared < 0 || Declared == 1 : Declared == 1))
      SemaphoreLocks.insert(Subject);
  }
}
