// Timers: what deadlines, sleeps and tickers are made of.
#pragma once

#include "futex.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/waiter.h"
#include "heddle/time_point.h"
#include "service_thread.h"

#include <cstdint>
#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

namespace heddle::detail {

/// Ends the wait of a ticket.
struct alarm {
  explicit alarm(ticket &waiting) noexcept : owner(waiting) {}

  ticket &owner;
  bool rang = false; ///< written before the ticket's wake()
};

/// One per process, never destroyed. Its thread starts with the first timer and sleeps between
/// timers; while there is one, the program counts as awake. Thread-safe.
class timer_queue {
public:
  /// Names a timer: when, and its number among all.
  using key = std::pair<time_point, std::uint64_t>;

  static timer_queue &instance();

  /// What happens at its instant or soon after.
  struct action {
    /// Claims and wakes the alarm's ticket, unless it has been claimed. The alarm must live until
    /// cancel() of it returns.
    action(alarm &rings) noexcept : bell(&rings) {}
    /// Calls on the timer thread; that must not block or throw.
    action(std::function<void()> called = nullptr) noexcept : callback(std::move(called)) {}

    alarm *bell = nullptr;
    std::function<void()> callback;
  };

  /// Errors: std::system_error if the thread cannot be started.
  key schedule(time_point when, action what);

  /// Forgets a timer. One that has fired is left alone. A callback may be running meanwhile, an
  /// alarm is not.
  void cancel(key timer);

  /// Ends the thread.
  void end() noexcept;

private:
  void run();
  std::function<void()> take_due() HEDDLE_REQUIRES(mutex_);
  void drop_done() HEDDLE_REQUIRES(mutex_);

  internal_mutex mutex_;
  std::unordered_map<std::uint64_t, action> pending_ HEDDLE_GUARDED_BY(mutex_); ///< by number
  /// A heap, the earliest first; that one is pending, others may be canceled already.
  std::vector<key> heap_ HEDDLE_GUARDED_BY(mutex_);
  std::uint64_t count_ HEDDLE_GUARDED_BY(mutex_) = 0;
  service_thread thread_;
  bool firing_ HEDDLE_GUARDED_BY(mutex_) = false;
  futex_word changed_ = 0; ///< counts the times that the first timer changed
};

} // namespace heddle::detail
