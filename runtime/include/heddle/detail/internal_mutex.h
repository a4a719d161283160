// The lock inside the runtime's own objects. Not for users: they have heddle::mutex.
#pragma once

#include "heddle/annotations.h"

#include <atomic>
#include <cstdint>

namespace heddle::detail {

/// Guards a few instructions on the fields of one object. It blocks the thread, not the task, so
/// it is never held across park() nor while user code runs (except T's move constructor). A word:
/// a contender spins for a moment, then sleeps (Drepper's third mutex, "Futexes are tricky").
/// unlock() does not touch it once another can hold it.
class HEDDLE_CAPABILITY("internal_mutex") internal_mutex {
public:
  void lock() noexcept HEDDLE_ACQUIRE() {
    std::uint32_t seen = open;
    if (!word_.compare_exchange_strong(seen, held, std::memory_order_acquire,
                                       std::memory_order_relaxed))
      lock_contended();
  }
  void unlock() noexcept HEDDLE_RELEASE() {
    if (word_.exchange(open, std::memory_order_release) == contended)
      wake_contender();
  }

  /// Tells the analysis that the lock is held where it cannot see it. Checks nothing.
  void assert_held() const HEDDLE_ASSERT_CAPABILITY(this) {}

private:
  enum : std::uint32_t { open, held, contended };

  void lock_contended() noexcept;
  void wake_contender() noexcept;

  std::atomic<std::uint32_t> word_ = open;
};

/// Holds an internal_mutex for a scope.
class HEDDLE_SCOPED_CAPABILITY [[nodiscard]] internal_lock {
public:
  explicit internal_lock(internal_mutex &mutex) HEDDLE_ACQUIRE(mutex) : mutex_(mutex) {
    mutex_.lock();
  }
  ~internal_lock() HEDDLE_RELEASE() { mutex_.unlock(); }

  internal_lock(const internal_lock &) = delete;
  internal_lock &operator=(const internal_lock &) = delete;

private:
  internal_mutex &mutex_;
};

} // namespace heddle::detail
