// Callbacks at instants: what deadlines are made of.
#ifndef HEDDLE_SRC_TIMER_QUEUE_H
#define HEDDLE_SRC_TIMER_QUEUE_H

#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/time_point.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace heddle::detail {

/// One per process, never destroyed; its one task starts with the first timer and sleeps between
/// timers. Thread-safe.
class timer_queue {
public:
  /// Names a timer: when, and its number among all.
  using key = std::pair<time_point, std::uint64_t>;

  static timer_queue &instance();

  /// Calls `callback` on the timer task at `when` or soon after. It must not block or throw.
  /// Errors: std::system_error if the timer task cannot be started.
  key schedule(time_point when, std::function<void()> callback);

  /// Forgets a timer. One that has fired, or is firing, is left alone.
  void cancel(key timer);

private:
  class loop;

  [[noreturn]] void run();
  std::function<void()> take_due() HEDDLE_REQUIRES(mutex_);

  internal_mutex mutex_;
  std::map<key, std::function<void()>> timers_ HEDDLE_GUARDED_BY(mutex_);
  std::uint64_t count_ HEDDLE_GUARDED_BY(mutex_) = 0;
  ticket *sleeping_ HEDDLE_GUARDED_BY(mutex_) = nullptr;
  bool started_ HEDDLE_GUARDED_BY(mutex_) = false;
};

} // namespace heddle::detail

#endif
