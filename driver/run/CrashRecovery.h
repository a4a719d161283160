// Work that may crash, or not end, on stacks deep enough for Clang. That costs that work, and
// nothing else.
#ifndef HEDDLE_DRIVER_RUN_CRASHRECOVERY_H
#define HEDDLE_DRIVER_RUN_CRASHRECOVERY_H

#include <atomic>
#include <cstdint>
#include <functional>

namespace heddle {

enum class AfterLostHeap {
  StartAgain, ///< The process runs its own command line once more, without what crashed.
  End,        ///< Whoever started the process has to start it again.
};

/// Makes runOnDeepStack survive crashes. Once per process, on its main thread.
void enableCrashRecovery(AfterLostHeap What);

enum class WorkEnd {
  Done,
  Crashed,    ///< Or did so before the process had to start again.
  LeftBehind, ///< It was asked to stop, and has not done so for a while.
};

/// Does the work on a thread whose stack is deep enough for Clang, and waits. `Key` is the same
/// when the process starts again. What a crash has left half done must not be taken apart: neither
/// the thread nor what the work refers to are. The work is told of `Stop` by others; if it does not
/// heed it within two seconds, it is left behind: it goes on until the process ends, and everything
/// that it refers to has to stay.
WorkEnd runOnDeepStack(uint64_t Key, std::function<void()> Work,
                       const std::atomic<bool> *Stop = nullptr);

/// Whether any work was left behind.
bool isWorkLeftBehind();

/// Whether this process runs for the second time.
bool hasStartedAgain();

/// Ends the process, once everything is flushed. After a crash, or with work left behind, nothing
/// else of it is taken apart.
int leaveWith(int ExitCode);

} // namespace heddle

#endif
