// Semaphores that are used as locks.
#include "model/facts/ValueFlow.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/STLExtras.h"

#include <map>

using namespace heddle;

namespace {

/// What the unit does with the semaphores of one name.
struct Uses {
  bool IsMade = false;
  bool IsPaired = true; ///< Whoever takes it gives it back, as far as was seen.
  bool IsForOne = true; ///< One has it at a time.
  bool IsForSeveral = true;
};

/// What one function does with a semaphore.
struct Places {
  SourceRange Taken, Given; ///< For the first time.
  unsigned Takes = 0, Gives = 0;
};

} // namespace

void ProgramModel::findSemaphoreLocks() {
  std::map<EntityId, Uses> Known;
  for (const FunctionFacts &Function : Facts.Functions) {
    // A result that is kept in a variable: the variable's name is the semaphore's.
    std::map<AccessPath, AccessPath> Keepers;
    std::map<EntityId, Places> Here;
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
        bool IsNumber = E.Values[0].What == Value::Constant;
        All.IsForOne &= IsNumber && E.Values[0].Number == 1;
        All.IsForSeveral &= IsNumber && E.Values[0].Number > 1;
      } else if (E.Kind == EventKind::Receive || E.Kind == EventKind::Send) {
        Places &At = Here[Subject];
        bool IsTaken = E.Kind == EventKind::Receive;
        SourceRange &Place = IsTaken ? At.Taken : At.Given;
        ++(IsTaken ? At.Takes : At.Gives);
        if (!Place.isValid() || E.Where < Place)
          Place = E.Where;
        Known[Subject].IsPaired &= !E.has(NonBlocking);
      }
    });
    for (const auto &[Subject, At] : Here) {
      // Who only takes it, or gives it back before, hands something over to somebody else.
      Known[Subject].IsPaired &= At.Taken.isValid() && At.Given.isValid() && At.Taken < At.Given;
      // Who takes all there are is alone.
      bool IsRepeated = llvm::any_of(Function.Loops, [&, &At = At](const Loop &L) {
        return L.Body.encloses(At.Taken) != L.Body.encloses(At.Given);
      });
      Known[Subject].IsForSeveral &= At.Takes == 1 && At.Gives == 1 && !IsRepeated;
    }
  }
  for (const auto &[Subject, All] : Known) {
    int64_t Declared = Facts.Entities[Subject].DeclaredCapacity;
    if (!All.IsPaired)
      continue;
    if (All.IsMade ? All.IsForOne && (Declared < 0 || Declared == 1) : Declared == 1)
      SemaphoreLocks.insert(Subject);
    if (All.IsForSeveral && (Declared < 0 ? All.IsMade : Declared > 1))
      SharedSemaphores.insert(Subject);
  }
}
