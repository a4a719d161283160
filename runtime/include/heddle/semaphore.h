// A counting semaphore: at most so many at a time.
#pragma once

#include "heddle/annotations.h"
#include "heddle/context.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/errors.h"

#include <cstddef>
#include <source_location>

namespace heddle {

/// Permits to be taken and given back, by any task. It bounds how much happens at a time; it is no
/// lock for data. Blocks the task, not the thread. Served first in, first out: a permit that is
/// given back goes to whoever waits longest. A release happens before the acquire that gets its
/// permit. Thread-safe, not copyable. Give back on every path: heddle::defer d([&] { s.release();
/// }); Errors: std::invalid_argument without a permit; giving back more than was taken ends the
/// program with "heddle: release of a semaphore that is not held"; context_error if the context is
/// null.
class semaphore {
public:
  explicit semaphore(std::size_t permits)
      : permits_(detail::positive(permits, "heddle: a semaphore needs a permit")), free_(permits) {}

  /// Takes a permit; blocks until there is one.
  void acquire(std::source_location where = std::source_location::current());

  /// As above, but returns false, without a permit, when the context is done first (or already).
  [[nodiscard]] bool acquire(const context &ctx,
                             std::source_location where = std::source_location::current());

  /// Takes a permit if there is one; never blocks.
  [[nodiscard]] bool try_acquire();

  /// Gives a permit back. Does not touch the semaphore once another task can have it.
  void release();

private:
  bool take_or_queue(detail::waiter *place); // queues only if there is one

  detail::internal_mutex mutex_;
  detail::wait_list waiters_ HEDDLE_GUARDED_BY(mutex_);
  const std::size_t permits_;
  std::size_t free_ HEDDLE_GUARDED_BY(mutex_); ///< 0 while somebody waits
};

} // namespace heddle
