// Flags that say, under a lock, that somebody is at work, and keep others away without it.
#ifndef HEDDLE_MODEL_PROGRAM_INTERPRETER_FLAGCLAIMS_H
#define HEDDLE_MODEL_PROGRAM_INTERPRETER_FLAGCLAIMS_H

#include "model/program/interpreter/AbstractState.h"

namespace heddle {

/// Who holds a lock and finds the flag clear is safe from whoever has set it, as long as the lock
/// is held. Who then sets it has claimed it, and keeps away both until it is cleared again, with
/// the lock or without. A claim is no lock: nothing is guarded by it that is not kept from others.
void noteFoundClear(const UnitFacts &Unit, AbstractState &State, const AccessPath &Flag);
/// `Flags` are those of the event.
void noteFlagWritten(AbstractState &State, const AccessPath &Flag, uint64_t Flags);
/// To be called when locks may have been given back.
void dropFoundClear(AbstractState &State);
/// Whether a flag may keep the two from being at work at the same time.
bool mayExclude(const std::vector<FlagClaim> &A, const std::vector<FlagClaim> &B);

} // namespace heddle

#endif
