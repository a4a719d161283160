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

bool LockInterpreter::isStillMeant(const LockState &State, const AccessPath &Lock) {
  return llvm::all_of(Lock.steps(), [&](PathStep Step) {
    return Step.What != PathStep::Chosen ||
           State.Values.count(AccessPath(RootKind::Return, Step.Id).element());
  });
}

/// Whether the object is a part of the one that the lock is a member of.
static bool isBeside(const AccessPath &Object, const AccessPath &Lock) {
  if (Lock.steps().empty() || Lock.steps().back().What != PathStep::Field)
    return false;
  AccessPath Owner = Lock.prefix(Lock.steps().size() - 1);
  return Object.startsWith(Owner) && Object.derefs() == Owner.derefs();
}

void LockInterpreter::noteHandedOut(LockState &State, const Event &E) {
  AccessPath Object = chosenLock(State, State.Names.resolve(E.Values[0]).pointee(), E.Where);
  auto Choice = Unit.LockChoices.find(E.Where);
  // Who gets the subscript knows the lock as well as who gets the element.
  auto IsChosenSo = [&](const AccessPath &Lock) {
    return Choice != Unit.LockChoices.end() && isStillMeant(State, Lock) &&
           llvm::is_contained(Lock.steps(), PathStep(PathStep::Chosen, Choice->second.Expression));
  };
  for (const auto &[Lock, Fact] : State.Locks) {
    if (Fact.State != LockFact::Held)
      continue;
    if (Object.isKnown() ? Lock.startsWith(Object) : IsChosenSo(Lock))
      HandedOut.insert({E.Where, Lock});
    else if (Object.isKnown() ? isBeside(Object, Lock)
                              : Choice != Unit.LockChoices.end() && Lock.isChosen())
      PartOut.insert({E.Where, Lock}); // a number that is returned may be a copy of the subscript
  }
}

void LockInterpreter::applyToSome(LockState &State, const AccessPath &Lock, const LockFact &Change,
                                  SourceRange Where) {
  auto Known = State.Locks.find(Lock);
  bool IsHeld = Known != State.Locks.end() && Known->second.State == LockFact::Held;
  bool IsLost = Known != State.Locks.end() && Known->second.State == LockFact::Unknown;
  bool Takes = Change.State == LockFact::Held;
  if (IsLost || (IsHeld && Takes) || (Change.State != LockFact::Free && !Takes)) {
    State.lose(Lock); // there may be several by now
    State.Locks[Lock].IsInDoubt = true;
  } else if (IsHeld) {
    State.Locks.erase(Known);
  } else if (!Change.FromCaller || !Takes) {
    LockFact &Now = State.Locks[Lock] = Change;
    (Takes ? Now.Taken : Now.Freed) = Where;
    Now.Calls.clear();
  }
}
