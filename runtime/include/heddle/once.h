// Doing something once, whoever comes first.
#pragma once

#include "heddle/mutex.h"

#include <atomic>
#include <concepts>
#include <source_location>
#include <utility>

namespace heddle {

/// Runs the first callable that it is given, and no other. Every call returns only after that one
/// has returned, and sees all that it did. Blocks the task, not the thread, meanwhile.
/// Thread-safe, not copyable. Errors: an exception goes to the caller and does not count, so the
/// next call tries again, as with std::call_once. A callable that calls the same once waits for
/// itself.
class once {
public:
  template <std::invocable F>
  void call(F &&callable, std::source_location where = std::source_location::current()) {
    if (done_.load(std::memory_order_acquire))
      return;
    lock_guard lock(running_, where);
    if (done_.load(std::memory_order_relaxed))
      return;
    std::forward<F>(callable)();
    done_.store(true, std::memory_order_release);
  }

private:
  mutex running_;
  std::atomic<bool> done_ = false;
};

} // namespace heddle
