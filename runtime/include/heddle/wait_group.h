// Waiting for a group of tasks.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/task.h"

#include <concepts>
#include <optional>
#include <source_location>
#include <utility>

namespace heddle {

/// Counts tasks that are under way. Add before the task starts, not inside it; call done on every
/// path (defer), or let go() do both. wait() returns when the count is zero, at once if it is so
/// already; several tasks may wait; the group may be used again afterwards.
/// A done happens before the wait() that it lets return. Ownership: it must outlive every done; a
/// done does not touch it any more once wait() can return. Thread-safe, not copyable.
/// Errors: a count below zero ends the program with "heddle: negative wait_group counter".
class wait_group {
public:
  /// Adds n to the count; n may be negative.
  void add(int n = 1);

  /// Takes one off the count.
  void done() { add(-1); }

  /// Blocks until the count is zero.
  void wait(std::source_location where = std::source_location::current());

  /// Runs the callable in a new task of the group; done comes after the callable's destruction.
  /// Errors: an exception that escapes it ends the program; std::system_error as heddle::go.
  template <std::invocable F>
  void go(F callable, std::source_location where = std::source_location::current()) {
    add(1);
    try {
      heddle::go(
          [this, call = std::optional<F>(std::move(callable))]() mutable {
            (*std::move(call))();
            call.reset();
            done();
          },
          where);
    } catch (...) {
      done();
      throw;
    }
  }

private:
  detail::internal_mutex mutex_;
  detail::wait_list waiters_ HEDDLE_GUARDED_BY(mutex_);
  long count_ HEDDLE_GUARDED_BY(mutex_) = 0;
};

} // namespace heddle
