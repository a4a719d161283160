// How findings about locks are worded: which lock, where it was taken, which way leads on.
#ifndef HEDDLE_CHECKS_LOCKWORDS_H
#define HEDDLE_CHECKS_LOCKWORDS_H

#include "checks/Finding.h"
#include "model/program/ProgramModel.h"

#include "llvm/ADT/StringRef.h"

namespace heddle {

/// The lock's name in quotes; "a lock" where it has none.
std::string quoteLock(const ProgramModel &Program, const LockFault &Fault);

/// A finding at the fault's place, with an identity that survives when lines move.
Finding lockFinding(const ProgramModel &Program, const LockFault &Fault, std::string Message);

/// The thread's way: what it did before (`BeforeWords`), the last branch, the calls, and what it
/// does now (`Words`).
ThreadStory lockStory(const ProgramModel &Program, const LockFault &Fault,
                      llvm::StringRef BeforeWords, llvm::StringRef Words);

} // namespace heddle

#endif
