#include "model/program/FlagClaims.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

bool heddle::isFlag(const UnitFacts &Unit, const HeldLock &Held) {
  EntityId Subject = Held.Path.subject();
  return Held.IsConditional && !Held.IsInferred && Subject != InvalidId &&
         !Unit.Entities[Subject].IsMutex;
}

static bool holdsLock(const AbstractState &State) {
  return llvm::any_of(State.Held, [](const HeldLock &Held) {
    return !Held.IsConditional && Held.Path.isKnown() && !Held.IsShared;
  });
}

void heddle::noteFoundClear(const UnitFacts &Unit, AbstractState &State, const AccessPath &Flag,
                            SourceRange Where) {
  bool IsVisible = Flag.isKnown() && Flag.isPrecise() && Flag.subject() != InvalidId &&
                   (Flag.root() == RootKind::Global || Flag.derefs() > 0);
  if (!IsVisible || Unit.Entities[Flag.subject()].IsMutex || !holdsLock(State) ||
      llvm::any_of(State.Held, [&](const HeldLock &Held) { return Held.Path == Flag; }))
    return;
  HeldLock Found{Flag, /*IsShared=*/true, Where};
  Found.IsConditional = true;
  State.hold(std::move(Found));
}

void heddle::noteFlagWritten(AbstractState &State, const AccessPath &Flag, uint64_t Flags) {
  auto Held = llvm::find_if(
      State.Held, [&](const HeldLock &Each) { return Each.IsConditional && Each.Path == Flag; });
  if (Held == State.Held.end())
    return;
  bool Sets = (Flags & FixedValue) && !(Flags & ZeroValue);
  if (Sets)
    Held->IsShared = false;
  else
    State.Held.erase(Held);
}

void heddle::dropFoundClear(const UnitFacts &Unit, AbstractState &State) {
  bool Any = llvm::any_of(State.Held, [](const HeldLock &Held) { return Held.IsConditional; });
  if (!Any || holdsLock(State))
    return;
  std::erase_if(State.Held,
                [&](const HeldLock &Held) { return Held.IsShared && isFlag(Unit, Held); });
}
