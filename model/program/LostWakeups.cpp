// Changes of what a condition stands for that its waiters can miss: made without the lock under
// which they look and fall asleep, or after the notification.
#include "model/program/FunctionInterpreter.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

using namespace heddle;

namespace {

bool holds(const Operation &Op, const AccessPath &Lock) {
  return llvm::any_of(Op.Locks,
                      [&](const HeldLock &Held) { return !areDistinctLocks(Held.Path, Lock); });
}

/// Without the atomic it is a race, and told as that.
bool mayBeMissed(const Operation &Op) {
  return Op.isWrite() && (Op.Flags & Atomic) && !(Op.Flags & Usage);
}

bool mayMiss(const Operation &Op) {
  return Op.isConditionWait() && !(Op.Flags & (Timed | Deferred)) && !Op.Predicate.empty() &&
         Op.WaitLock.isPrecise() && Op.Path.isPrecise();
}

/// Whether a thread that has looked at the state, but does not wait yet, misses the notification
/// that follows the change.
bool isMissed(const Operation &Change, const Operation &Wait) {
  return Wait.Predicate.count(Change.Path) && Change.Signals.count(Wait.Path) &&
         !holds(Change, Wait.WaitLock) && !Change.Signals.count(Wait.WaitLock);
}

} // namespace

void FunctionInterpreter::collectLostWakeup(const Operation &Change, const Operation &Wait,
                                            const PathSet &Stale) {
  bool IsStale = llvm::any_of(Stale, [&](const AccessPath &Root) {
    return Wait.Path.startsWith(Root) || Change.Path.startsWith(Root);
  });
  if (!IsStale && isMissed(Change, Wait))
    Program.WaitConflicts.push_back({WaitConflict::LostWakeup, Id, Wait, Change});
}

void FunctionInterpreter::collectLostWakeups() {
  // What is changed and what is waited on are different objects.
  std::vector<std::vector<const Operation *>> Changes(Runs.size()), Waits(Runs.size());
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (const Operation &Op : Runs[Run].Operations)
      if (mayBeMissed(Op))
        Changes[Run].push_back(&Op);
      else if (mayMiss(Op))
        Waits[Run].push_back(&Op);
  for (const PendingOperation &P : Pending)
    for (const auto &[Run, Stale] : P.Live)
      if (mayBeMissed(P.Op)) {
        for (const Operation *Wait : Waits[Run])
          collectLostWakeup(P.Op, *Wait, Stale);
      } else if (mayMiss(P.Op)) {
        for (const Operation *Change : Changes[Run])
          collectLostWakeup(*Change, P.Op, Stale);
      }
  for (uint32_t Run = 0; Run < Runs.size(); ++Run)
    for (const auto &[Other, Thread] : RunLive[Run]) {
      for (const Operation *Change : Changes[Run])
        for (const Operation *Wait : Waits[Other])
          collectLostWakeup(*Change, *Wait, Thread.Stale);
      for (const Operation *Wait : Waits[Run])
        for (const Operation *Change : Changes[Other])
          collectLostWakeup(*Change, *Wait, Thread.Stale);
    }
}

void ProgramModel::pairLostWakeups() {
  // Whoever shares an object may call its members at the same time.
  auto IsMember = [](const AccessPath &Path) {
    return Path.root() == RootKind::Parameter && Path.rootId() == 0;
  };
  std::vector<std::pair<FunctionId, const Operation *>> Waits;
  std::map<EntityId, std::vector<std::pair<FunctionId, const Operation *>>> Changes;
  for (FunctionId Id = 0; Id < Summaries.size(); ++Id)
    for (const Operation &Op : Summaries[Id].Operations) {
      bool IsOwn =
          Op.In == Id && !Op.Origin && (IsMember(Op.Path) || Op.Path.root() == RootKind::Global);
      if (!IsOwn)
        continue;
      if (mayMiss(Op))
        Waits.emplace_back(Id, &Op);
      else if (mayBeMissed(Op) && Op.Path.subject() != InvalidId)
        Changes[Op.Path.subject()].emplace_back(Id, &Op);
    }
  for (const auto &[In, Wait] : Waits)
    for (const AccessPath &Asked : Wait->Predicate)
      if (auto Known = Changes.find(Asked.subject()); Known != Changes.end())
        for (const auto &[ChangedIn, Change] : Known->second)
          if (ChangedIn != In && !EnteredWithLock.count(ChangedIn) &&
              !Facts.Functions[ChangedIn].IsConstructor && isMissed(*Change, *Wait))
            WaitConflicts.push_back({WaitConflict::LostWakeup, In, *Wait, *Change});
}
