// A mutex for tasks, and the guard that holds it for a scope.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"

#include <atomic>
#include <cstdint>
#include <source_location>

namespace heddle {

/// Mutual exclusion between tasks. Blocks the task, not the thread that runs it. Not recursive: a
/// task that locks it twice waits for itself. It belongs to no task: one may unlock what another
/// locked. Waiters are served first in, first out, but a task that is running may take a lock that
/// was just freed before the woken waiter gets to it (throughput before order).
/// An unlock happens before the lock that follows it. Meets the standard's Lockable, so std's
/// scoped_lock works. Errors: unlocking a free mutex ends the program with
/// "heddle: unlock of unlocked mutex".
class HEDDLE_CAPABILITY("mutex") mutex {
public:
  /// Blocks until the mutex is free, and takes it.
  void lock(std::source_location where = std::source_location::current()) HEDDLE_ACQUIRE() {
    if (std::uint32_t seen = 0; !state_.compare_exchange_strong(
            seen, locked, std::memory_order_acquire, std::memory_order_relaxed))
      lock_contended(where);
  }

  /// Takes the mutex if it is free; never blocks, never fails without reason.
  [[nodiscard]] bool try_lock() noexcept HEDDLE_TRY_ACQUIRE(true) {
    return !(state_.fetch_or(locked, std::memory_order_acquire) & locked);
  }

  /// Frees the mutex. Does not touch it once another task can hold it.
  void unlock() HEDDLE_RELEASE() {
    if (std::uint32_t seen = locked; !state_.compare_exchange_strong(
            seen, 0, std::memory_order_release, std::memory_order_relaxed))
      unlock_contended(seen);
  }

private:
  // The bits of the state.
  static constexpr std::uint32_t locked = 1;
  static constexpr std::uint32_t waited_for = 2; ///< the queue is not empty

  void lock_contended(std::source_location where);
  void unlock_contended(std::uint32_t seen);

  std::atomic<std::uint32_t> state_ = 0;
  detail::internal_mutex queue_mutex_;
  detail::wait_list waiters_ HEDDLE_GUARDED_BY(queue_mutex_);
};

/// Holds a mutex from construction to the end of the scope.
class HEDDLE_SCOPED_CAPABILITY [[nodiscard]] lock_guard {
public:
  [[nodiscard]] explicit lock_guard(mutex &guarded,
                                    std::source_location where = std::source_location::current())
      HEDDLE_ACQUIRE(guarded)
      : guarded_(guarded) {
    guarded_.lock(where);
  }
  ~lock_guard() HEDDLE_RELEASE() { guarded_.unlock(); }

  lock_guard(const lock_guard &) = delete;
  lock_guard &operator=(const lock_guard &) = delete;

private:
  mutex &guarded_;
};

} // namespace heddle
