#include "model/program/interpreter/FlagClaims.h"

#include "llvm/ADT/STLExtras.h"

using namespace heddle;

static bool holdsLock(const AbstractState &State) {
  return llvm::any_of(State.Held, [](const HeldLock &Held) {
    return !Held.IsConditional && Held.Path.isKnown() && !Held.IsShared;
  });
}

void heddle::noteFoundClear(const UnitFacts &Unit, AbstractState &State, const AccessPath &Flag) {
  bool IsVisible = Flag.isKnown() && Flag.isPrecise() && Flag.subject() != InvalidId &&
                   (Flag.root() == RootKind::Global || Flag.derefs() > 0);
  if (!IsVisible || Unit.Entities[Flag.subject()].IsMutex || !holdsLock(State) ||
      State.holds(Flag) ||
      llvm::any_of(State.Claims, [&](const FlagClaim &Claim) { return Claim.Flag == Flag; }))
    return;
  State.Claims.push_back({Flag});
}

void heddle::noteFlagWritten(AbstractState &State, const AccessPath &Flag, uint64_t Flags) {
  auto Claim =
      llvm::find_if(State.Claims, [&](const FlagClaim &Each) { return Each.Flag == Flag; });
  if (Claim == State.Claims.end())
    return;
  bool Sets = (Flags & FixedValue) && !(Flags & ZeroValue);
  if (Sets)
    Claim->IsSet = true;
  else
    State.Claims.erase(Claim);
}

void heddle::dropFoundClear(AbstractState &State) {
  if (!State.Claims.empty() && !holdsLock(State))
    std::erase_if(State.Claims, [](const FlagClaim &Claim) { return !Claim.IsSet; });
}

bool heddle::mayExclude(const std::vector<FlagClaim> &A, const std::vector<FlagClaim> &B) {
  return llvm::any_of(A, [&](const FlagClaim &Mine) {
    return llvm::any_of(B, [&](const FlagClaim &Other) {
      bool IsSame = !Mine.Flag.isKnown() || !Other.Flag.isKnown() ||
                    (Mine.Flag == Other.Flag && Mine.Flag.isPrecise());
      return IsSame && (Mine.IsSet || Other.IsSet);
    });
  });
}
