// The lock inside the runtime's own objects. Not for users: they have heddle::mutex.
#ifndef HEDDLE_DETAIL_INTERNAL_MUTEX_H
#define HEDDLE_DETAIL_INTERNAL_MUTEX_H

#include "heddle/annotations.h"

#include <mutex>

namespace heddle::detail {

/// Guards a few instructions on the fields of one object. It blocks the thread, not the task, so
/// it is never held across park() nor while user code runs (except T's move constructor).
class HEDDLE_CAPABILITY("internal_mutex") internal_mutex {
public:
  void lock() HEDDLE_ACQUIRE() { mutex_.lock(); }
  void unlock() HEDDLE_RELEASE() { mutex_.unlock(); }

  /// Tells the analysis that the lock is held where it cannot see it. Checks nothing.
  void assert_held() const HEDDLE_ASSERT_CAPABILITY(this) {}

private:
  std::mutex mutex_;
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

#endif
