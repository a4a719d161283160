// Changes of what a condition stands for that its waiters can miss: made without the lock under
// which they look and fall asleep, or after the notification.
#include "model/program/interpreter/FunctionInterpreter.h"

#include "model/facts/ValueFlow.h"

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
  return Op.isConditionWait() && !(Op.Flags & (uint64_t(Bounded) | Deferred)) &&
         !Op.Predicate.empty() && Op.WaitLock.isPrecise() && Op.Path.isPrecise();
}

/// Whether a thread that has looked at the state, but does not wait yet, misses the notification
/// that follows the change.
bool isMissed(const Operation &Change, const Operation &Wait) {
  return Wait.Predicate.count(Change.Path) && Change.Signals.count(Wait.Path) &&
         !holds(Change, Wait.WaitLock) && !Change.Signals.count(Wait.WaitLock);
}

/// Who notifies which condition, and when.
class Notifications {
public:
  explicit Notifications(const UnitFacts &Unit) : Unit(Unit) {
    for (FunctionId Id = 0; Id < Unit.Functions.size(); ++Id)
      forEachEvent(Unit.Functions[Id], [&](const Event &E) {
        if (E.Kind == EventKind::Signal)
          ByCondition[E.Path.subject()].emplace_back(Id, &E);
        // Code that is not seen may notify what it is handed.
        bool HandsOn = E.Kind == EventKind::UnknownCall || E.Kind == EventKind::CallValue ||
                       E.Kind == EventKind::Store;
        for (const Value &V : E.Values)
          if (HandsOn)
            Elsewhere.insert(V.Path.subject());
        if (E.Kind == EventKind::Escape)
          Elsewhere.insert(E.Path.subject());
      });
  }

  /// The only notification of what is waited for, if the function makes it, outside of the section
  /// in which it makes the change that was to be told, and before that.
  const Event *before(FunctionId In, const Operation &Change, const Operation &Wait) const {
    EntityId Condition = Wait.Path.subject();
    auto Known = ByCondition.find(Condition);
    bool MayBeSeen = Wait.Predicate.count(Change.Path) && !Change.Signals.count(Wait.Path);
    // Captured variables have a name of their own in each lambda.
    if (!MayBeSeen || Condition == InvalidId || Wait.Path.root() == RootKind::Local ||
        Known == ByCondition.end() || Known->second.size() != 1 || Known->second[0].first != In ||
        Elsewhere.count(Condition))
      return nullptr;
    const Event *Early = Known->second[0].second;
    bool IsBefore = Early->Path == Wait.Path && Early->Where < Change.Where &&
                    leadsTo(Unit.Functions[In], *Early, Change.Where);
    // The waiter that was woken gets no further before the section ends.
    bool IsTogether = llvm::any_of(Change.Locks, [&](const HeldLock &Held) {
      return !areDistinctLocks(Held.Path, Wait.WaitLock) && Held.Where < Early->Where;
    });
    return IsBefore && !IsTogether ? Early : nullptr;
  }

private:
  /// Whether every way on from the event comes to the place.
  static bool leadsTo(const FunctionFacts &Function, const Event &From, const SourceRange &To) {
    auto BlockOf = [&](auto Is) {
      for (uint32_t Index = 0; Index < Function.Blocks.size(); ++Index)
        if (llvm::any_of(Function.Blocks[Index].Events, Is))
          return Index;
      return InvalidId;
    };
    uint32_t Start = BlockOf([&](const Event &E) { return &E == &From; });
    uint32_t End = BlockOf([&](const Event &E) {
      return E.Where == To && (E.Kind == EventKind::Write || E.Kind == EventKind::Update);
    });
    if (Start == InvalidId || End == InvalidId)
      return false;
    std::vector<bool> Seen(Function.Blocks.size());
    std::vector<uint32_t> Work{Start};
    bool Arrives = Start == End;
    while (!Arrives && !Work.empty()) {
      uint32_t Next = Work.back();
      Work.pop_back();
      for (const Edge &Way : Function.Blocks[Next].Successors) {
        if (Way.To == FunctionFacts::ExitBlock)
          return false;
        if (Way.To == End || Seen[Way.To])
          continue;
        Seen[Way.To] = true;
        Work.push_back(Way.To);
      }
    }
    return true;
  }

  const UnitFacts &Unit;
  std::map<EntityId, std::vector<std::pair<FunctionId, const Event *>>> ByCondition;
  std::set<EntityId> Elsewhere;
};

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
    for (const auto &[Run, Stale, Gates, IsRunning] : P.Live)
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
  // Whoever shares an object may call its members, and functions that are given it, at the same
  // time.
  std::vector<std::pair<FunctionId, const Operation *>> Waits;
  std::map<EntityId, std::vector<std::pair<FunctionId, const Operation *>>> Changes, Writes;
  for (FunctionId Id = 0; Id < Summaries.size(); ++Id)
    for (const Operation &Op : Summaries[Id].Operations) {
      RootKind Root = Op.Path.root();
      if (Op.In != Id || Op.Origin || (Root != RootKind::Parameter && Root != RootKind::Global))
        continue;
      if (mayMiss(Op))
        Waits.emplace_back(Id, &Op);
      else if (Op.isWrite() && !(Op.Flags & Usage) && Op.Path.subject() != InvalidId)
        Writes[Op.Path.subject()].emplace_back(Id, &Op);
      if (mayBeMissed(Op) && Op.Path.subject() != InvalidId)
        Changes[Op.Path.subject()].emplace_back(Id, &Op);
    }
  // What was changed before is what the notification was about.
  auto ChangesBefore = [&](FunctionId In, const Event &Early, const Operation &Wait) {
    return llvm::any_of(Summaries[In].Operations, [&](const Operation &Op) {
      const SourceRange &Place = Op.Calls.empty() ? Op.Where : Op.Calls.front().Where;
      return Op.isWrite() && !Op.Origin && Place < Early.Where && Wait.Predicate.count(Op.Path);
    });
  };
  // Whoever starts threads with what it is given has been compared with them, in their order.
  auto StartsWith = [&](FunctionId In, const AccessPath &Given) {
    return Given.root() == RootKind::Parameter && Given.rootId() != 0 &&
           llvm::any_of(Summaries[In].Operations, [&](const Operation &Op) {
             return Op.Origin && Op.Path.root() == RootKind::Parameter &&
                    Op.Path.rootId() == Given.rootId();
           });
  };
  Notifications Notified(Facts);
  for (const auto &[In, Wait] : Waits)
    for (const AccessPath &Asked : Wait->Predicate)
      if (auto Known = Writes.find(Asked.subject()); Known != Writes.end())
        for (const auto &[ChangedIn, Change] : Known->second)
          if (ChangedIn != In && !Facts.Functions[ChangedIn].IsConstructor)
            if (const Event *Early = Notified.before(ChangedIn, *Change, *Wait);
                Early && !ChangesBefore(ChangedIn, *Early, *Wait))
              WaitConflicts.push_back(
                  {WaitConflict::EarlyNotify, In, *Wait, *Change, Early->Where});
  for (const auto &[In, Wait] : Waits)
    for (const AccessPath &Asked : Wait->Predicate)
      if (auto Known = Changes.find(Asked.subject()); Known != Changes.end())
        for (const auto &[ChangedIn, Change] : Known->second)
          if (ChangedIn != In && !EnteredWithLock.count(ChangedIn) &&
              !Facts.Functions[ChangedIn].IsConstructor && !StartsWith(ChangedIn, Change->Path) &&
              isMissed(*Change, *Wait))
            WaitConflicts.push_back({WaitConflict::LostWakeup, In, *Wait, *Change});
}
