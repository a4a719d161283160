// The one thread on which the server thinks: messages and results come to it as tasks, so that its
// state needs no locks.
#ifndef HEDDLE_DRIVER_LSP_EVENTLOOP_H
#define HEDDLE_DRIVER_LSP_EVENTLOOP_H

#include "llvm/ADT/FunctionExtras.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>

namespace heddle::lsp {

class EventLoop {
public:
  using Task = llvm::unique_function<void()>;
  using Clock = std::chrono::steady_clock;

  /// Has the task run by the loop's thread, after those posted before. Any thread.
  void post(Task Work) { postAt(Clock::time_point::min(), std::move(Work)); }

  /// Has the task run as soon as the time has come. Any thread.
  void postAt(Clock::time_point When, Task Work);

  /// Runs tasks until stop() is called by one of them. Tasks that are left are dropped.
  void run();
  void stop() { Stopped = true; }

private:
  std::mutex Mutex;
  std::condition_variable Arrived;
  uint64_t NextNumber = 0;
  std::map<std::pair<Clock::time_point, uint64_t>, Task> Tasks; ///< Guarded by Mutex.
  bool Stopped = false;                                         ///< The loop's thread only.
};

} // namespace heddle::lsp

#endif
