// Fixes for data that lacks protection: take the lock that guards it elsewhere.
#ifndef HEDDLE_CHECKS_GUARDFIXES_H
#define HEDDLE_CHECKS_GUARDFIXES_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/StringRef.h"

#include <optional>

namespace heddle {

/// The declaration of a guard called `Name` that holds `Lock`, as it is written there; without the
/// semicolon. The mutex has to be one that some guard can hold.
std::string declareGuard(const Entity &Mutex, llvm::StringRef Name, llvm::StringRef Lock);

/// Wraps each unguarded access in a block that holds the lock under which the others are made.
/// Nothing unless every access is in a statement of its own that calls nothing, and the lock can
/// be named there.
std::optional<Fix> takeGuardingLock(const ProgramModel &Program,
                                    const std::vector<const ConcurrentPair *> &Races);

/// Holds the lock of what is copied for the whole of the function that copies it. Nothing if the
/// function takes locks itself, or `Source`, the parameter that the lock is in, is const.
std::optional<Fix> lockWholeBody(const ProgramModel &Program, FunctionId Id, const AccessPath &Lock,
                                 EntityId Mutex, EntityId Source);

/// The guard as the variable's owner names it: without what the class of a member keeps to itself.
std::string nameOfGuard(const UnitFacts &Unit, const GuardedVariable &Variable);

/// Writes the lock that was inferred beside the variable, for clang's -Wthread-safety to hold
/// everybody to it. Nothing where clang could not check it, or where it stands already.
std::optional<Fix> annotateGuard(const ProgramModel &Program, const GuardedVariable &Variable);

} // namespace heddle

#endif
