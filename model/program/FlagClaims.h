// Flags that say, under a lock, that somebody is at work, and keep others away without it.
#ifndef HEDDLE_MODEL_PROGRAM_FLAGCLAIMS_H
#define HEDDLE_MODEL_PROGRAM_FLAGCLAIMS_H

#include "model/program/AbstractState.h"

namespace heddle {

/// A flag counts as a conditional lock. Who holds the real lock and finds the flag clear holds it
/// shared as long as the lock; who then sets it has claimed it, and holds it alone until it clears
/// it again, with the lock or without.
void noteFoundClear(const UnitFacts &Unit, AbstractState &State, const AccessPath &Flag,
                    SourceRange Where);
bool isFlag(const UnitFacts &Unit, const HeldLock &Held);
/// `Flags` are those of the event.
void noteFlagWritten(AbstractState &State, const AccessPath &Flag, uint64_t Flags);
/// To be called when locks may have been given back.
void dropFoundClear(const UnitFacts &Unit, AbstractState &State);

} // namespace heddle

#endif
