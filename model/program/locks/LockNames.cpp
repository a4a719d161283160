// Which lock a name stands for where the name alone does not say it.
#include "model/program/locks/LockInterpreter.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

AccessPath LockInterpreter::chosenLock(LockState &State, const AccessPath &Lock,
                                       const SourceRange &Where) const {
  if (!Lock.isKnown() || Lock.isPrecise())
    return Lock;
  auto Known = Unit.LockChoices.find(Where);
  AccessPath Result =
      Known == Unit.LockChoices.end() ? AccessPath() : Lock.chosenBy(Known->second.Expression);
  if (!Result.isKnown())
    return Lock;
  const LockChoice &Choice = Known->second;
  KnownValue Seen;
  Seen.Range = Bounds::exactly(1);
  for (const AccessPath &Read : Choice.Reads) {
    if (EntityId Subject = Read.subject(); Subject != InvalidId && Unit.Entities[Subject].IsConst)
      continue;
    Seen.Reads.push_back(State.resolve(Read));
    auto Held = State.Values.find(Seen.Reads.back());
    if (Held != State.Values.end() && Held->second.IsCaptured)
      return Lock;
  }
  // Beside the values, since what changes a value that the subscript reads drops it there.
  AccessPath Mark = AccessPath(RootKind::Return, Choice.Expression).element();
  if (!State.Values.count(Mark)) {
    auto IsOld = [&](const AccessPath &Path) {
      return llvm::is_contained(Path.steps(), PathStep(PathStep::Chosen, Choice.Expression));
    };
    std::erase_if(State.Guards,
                  [&](const auto &Guard) { return llvm::any_of(Guard.second.Locks, IsOld); });
    std::erase_if(State.Locks, [&](const auto &Entry) {
      State.HoldsUnnamed |= IsOld(Entry.first) && Entry.second.State != LockFact::Free;
      return IsOld(Entry.first);
    });
    State.Values[Mark] = std::move(Seen);
  }
  return Result;
}
