// A lock for data that many tasks read and few write, and the guards that hold it for a scope.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"

#include <cstddef>
#include <source_location>

namespace heddle {

/// Held by one writer, or by any number of readers. Blocks the task, not the thread. Not recursive,
/// not even for readers: once a writer waits, new readers wait behind it, as in Go. When a writer
/// frees it, the readers that wait go first; so neither side starves. There is no way to turn a
/// read lock into a write lock: free it, take the other, and look again. It belongs to no task.
/// What frees it happens before what takes it next, but readers do not order each other. Meets the
/// standard's SharedLockable. Errors: freeing what is not held so ends the program with "heddle:
/// unlock of unlocked rw_mutex" or "heddle: unlock_shared of an rw_mutex that nobody reads".
class HEDDLE_CAPABILITY("rw_mutex") rw_mutex {
public:
  /// For writing: blocks until nobody holds it.
  void lock(std::source_location where = std::source_location::current()) HEDDLE_ACQUIRE();
  [[nodiscard]] bool try_lock() HEDDLE_TRY_ACQUIRE(true);
  void unlock() HEDDLE_RELEASE();

  /// For reading: blocks while a writer holds it or waits for it.
  void lock_shared(std::source_location where = std::source_location::current())
      HEDDLE_ACQUIRE_SHARED();
  [[nodiscard]] bool try_lock_shared() HEDDLE_TRY_ACQUIRE_SHARED(true);
  void unlock_shared() HEDDLE_RELEASE_SHARED();

private:
  // Both take it, or else queue, if there is a place to.
  bool write_or_queue(detail::waiter *place);
  bool read_or_queue(detail::waiter *place);

  detail::internal_mutex state_mutex_;
  detail::wait_list readers_ HEDDLE_GUARDED_BY(state_mutex_);
  detail::wait_list writers_ HEDDLE_GUARDED_BY(state_mutex_);
  std::size_t reading_ HEDDLE_GUARDED_BY(state_mutex_) = 0;
  bool written_ HEDDLE_GUARDED_BY(state_mutex_) = false;
};

/// Holds an rw_mutex for writing from construction to the end of the scope.
class HEDDLE_SCOPED_CAPABILITY [[nodiscard]] write_guard {
public:
  [[nodiscard]] explicit write_guard(rw_mutex &guarded,
                                     std::source_location where = std::source_location::current())
      HEDDLE_ACQUIRE(guarded)
      : guarded_(guarded) {
    guarded_.lock(where);
  }
  ~write_guard() HEDDLE_RELEASE() { guarded_.unlock(); }

  write_guard(const write_guard &) = delete;
  write_guard &operator=(const write_guard &) = delete;

private:
  rw_mutex &guarded_;
};

/// Holds an rw_mutex for reading from construction to the end of the scope.
class HEDDLE_SCOPED_CAPABILITY [[nodiscard]] read_guard {
public:
  [[nodiscard]] explicit read_guard(rw_mutex &guarded,
                                    std::source_location where = std::source_location::current())
      HEDDLE_ACQUIRE_SHARED(guarded)
      : guarded_(guarded) {
    guarded_.lock_shared(where);
  }
  ~read_guard() HEDDLE_RELEASE_GENERIC() { guarded_.unlock_shared(); }

  read_guard(const read_guard &) = delete;
  read_guard &operator=(const read_guard &) = delete;

private:
  rw_mutex &guarded_;
};

} // namespace heddle
