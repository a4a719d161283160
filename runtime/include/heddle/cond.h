// A condition variable: waiting until data that a mutex guards has changed.
#pragma once

#include "heddle/annotations.h"
#include "heddle/context.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/mutex.h"

#include <concepts>
#include <source_location>

namespace heddle {

/// Tasks wait on it for a state that other tasks bring about under one mutex; always the same mutex
/// for one cond. Change the state under the mutex, then notify, with or without it. A wait frees
/// the mutex and sleeps in one step, so no notification in between is lost, and it holds the
/// mutex again when it returns, whatever the reason. Often a channel says the same with less:
/// close one to tell everybody, and that it happened stays visible.
/// Thread-safe, not copyable. It must outlive its waits. Errors: what the predicate throws, with
/// the mutex held; context_error if the context is null. For the compiler's analysis write the
/// predicate as [&]() HEDDLE_REQUIRES(mu) { ... }.
class cond {
public:
  /// Blocks until notified. It never returns without a notification, but between that and its
  /// return another task may have had the mutex: look again, in a loop.
  void wait(mutex &held, std::source_location where = std::source_location::current())
      HEDDLE_REQUIRES(held) {
    wait_unless_done(nullptr, held, where);
  }

  /// Blocks until the predicate, which is called with the mutex held, is true.
  // Not analysed, here and below: the predicate names the mutex in its own words.
  template <std::predicate F>
  void wait(mutex &held, F predicate, std::source_location where = std::source_location::current())
      HEDDLE_REQUIRES(held) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
    while (!predicate())
      wait(held, where);
  }

  /// As above, but gives up when the context is done. Returns what the predicate said last.
  template <std::predicate F>
  bool wait(const context &ctx, mutex &held, F predicate,
            std::source_location where = std::source_location::current())
      HEDDLE_REQUIRES(held) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
    while (!predicate())
      if (!wait_unless_done(&ctx, held, where))
        return predicate();
    return true;
  }

  /// Wakes the task that waits longest, if there is one.
  void notify_one();

  /// Wakes all tasks that wait.
  void notify_all();

private:
  bool wait_unless_done(const context *ctx, mutex &held, std::source_location where)
      HEDDLE_REQUIRES(held);
  void notify(detail::waiter *(detail::wait_list::*whom)() noexcept);

  detail::internal_mutex mutex_;
  detail::wait_list waiters_ HEDDLE_GUARDED_BY(mutex_);
};

} // namespace heddle
