// Timers: a channel that gets a value once, or again and again.
#pragma once

#include "heddle/receiver.h"
#include "heddle/time_point.h"

#include <chrono>
#include <memory>

namespace heddle {

namespace detail {

/// What a timer and the queue of timers share. Internal; thread-safe, no call blocks.
class timer_state;

[[nodiscard]] std::shared_ptr<timer_state> make_timer();
/// Starts it anew: the first value after `delay`, then one every `period`, if that is not zero.
void start(timer_state &timer, std::chrono::nanoseconds delay, std::chrono::nanoseconds period);
/// Returns whether it was running or its value was still there; that is gone then.
bool stop(timer_state &timer);
[[nodiscard]] receiver<time_point> channel_of(timer_state &timer);
/// Errors: std::invalid_argument unless the period is positive.
void start_ticker(timer_state &timer, std::chrono::nanoseconds period);

} // namespace detail

/// The channel that gets the time, once, when `delay` has passed. It cannot be stopped and lives
/// until then: in a loop use one timer and reset it.
template <typename Rep, typename Period>
[[nodiscard]] receiver<time_point> after(std::chrono::duration<Rep, Period> delay) {
  const auto once = detail::make_timer();
  detail::start(*once, detail::to_nanoseconds(delay), std::chrono::nanoseconds::zero());
  return detail::channel_of(*once);
}

/// Fires once, and again after each reset. Its channel is never closed. After stop or reset no
/// value of before is received. It stops with its scope. Thread-safe, not copyable. Errors: none.
class timer {
public:
  /// Fires `delay` from now.
  template <typename Rep, typename Period>
  explicit timer(std::chrono::duration<Rep, Period> delay) : state_(detail::make_timer()) {
    reset(delay);
  }
  ~timer() { stop(); }
  timer(const timer &) = delete;
  timer &operator=(const timer &) = delete;

  /// Gets the time when it fires.
  [[nodiscard]] receiver<time_point> fired() const { return detail::channel_of(*state_); }

  /// Keeps it from firing. Returns false if it was stopped or its value was received.
  bool stop() { return detail::stop(*state_); }

  /// Makes it fire `delay` from now, and only then.
  template <typename Rep, typename Period> void reset(std::chrono::duration<Rep, Period> delay) {
    detail::start(*state_, detail::to_nanoseconds(delay), std::chrono::nanoseconds::zero());
  }

private:
  const std::shared_ptr<detail::timer_state> state_;
};

/// Fires every `period`. Whoever is too slow misses ticks: at most one waits to be received. Its
/// channel is never closed. It must be stopped, at the latest by the end of its scope, and after
/// that no tick is received. Thread-safe, not copyable.
/// Errors: std::invalid_argument if the period is not positive.
class ticker {
public:
  /// The first tick comes a period from now.
  template <typename Rep, typename Period>
  explicit ticker(std::chrono::duration<Rep, Period> period) : state_(detail::make_timer()) {
    reset(period);
  }
  ~ticker() { stop(); }
  ticker(const ticker &) = delete;
  ticker &operator=(const ticker &) = delete;

  /// Gets the time of each tick.
  [[nodiscard]] receiver<time_point> ticks() const { return detail::channel_of(*state_); }

  /// No tick any more, until a reset.
  void stop() { detail::stop(*state_); }

  /// Starts anew with this period.
  template <typename Rep, typename Period> void reset(std::chrono::duration<Rep, Period> period) {
    detail::start_ticker(*state_, detail::to_nanoseconds(period));
  }

private:
  const std::shared_ptr<detail::timer_state> state_;
};

} // namespace heddle
