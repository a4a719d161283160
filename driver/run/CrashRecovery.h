// Work that may crash, on stacks deep enough for Clang. A crash costs that work, and nothing else.
#ifndef HEDDLE_DRIVER_RUN_CRASHRECOVERY_H
#define HEDDLE_DRIVER_RUN_CRASHRECOVERY_H

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>

namespace heddle {

enum class AfterLostHeap {
  StartAgain, ///< The process runs its own command line once more, without what crashed.
  End,        ///< Whoever started the process has to start it again.
};

/// Makes runOnDeepStack survive crashes. Once per process, on its main thread.
void enableCrashRecovery(AfterLostHeap What);

/// Does the work on a thread whose stack is deep enough for Clang, and waits. False: it crashed, or
/// did so before the process had to start again. `Key` is the same there. What a crash has left
/// half done must not be taken apart: neither the thread nor its locals are.
bool runOnDeepStack(uint64_t Key, llvm::function_ref<void()> Work);

/// Whether this process runs for the second time.
bool hasStartedAgain();

/// Ends the process, once everything is flushed. After a crash nothing else of it is taken apart.
int leaveWith(int ExitCode);

} // namespace heddle

#endif
