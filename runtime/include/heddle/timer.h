// Timers: a channel that gets a value once, or again and again.
#pragma once

#include "heddle/receiver.h"
#include "heddle/time_point.h"

#include <chrono>
#include <memory>

namespace heddle {

namespace detail {

class timer_state;

/// What a timer or ticker holds: the part of it that the queue of timers shares. It stops with its
/// scope. Thread-safe, no call blocks.
class timer_handle {
public:
  timer_handle();
  ~timer_handle() { stop(); }
  timer_handle(const timer_handle &) = delete;
  timer_handle &operator=(const timer_handle &) = delete;

  /// Starts it anew: the first value after `delay`, then one every `period`, if that is not zero.
  void start(std::chrono::nanoseconds delay, std::chrono::nanoseconds period = {});
  /// Errors: std::invalid_argument unless the period is positive.
  void start_ticking(std::chrono::nanoseconds period);
  /// Returns whether it was running or its value was still there; that is gone then.
  bool stop();
  [[nodiscard]] receiver<time_point> out() const;

private:
  const std::shared_ptr<timer_state> state_;
};

[[nodiscard]] receiver<time_point> fire_after(std::chrono::nanoseconds delay);

} // namespace detail

/// The channel that gets the time, once, when `delay` has passed. It cannot be stopped and lives
/// until then: in a loop use one timer and reset it.
template <typename Rep, typename Period>
[[nodiscard]] receiver<time_point> after(std::chrono::duration<Rep, Period> delay) {
  return detail::fire_after(detail::to_nanoseconds(delay));
}

/// Fires once, and again after each reset. Its channel is never closed. After stop or reset no
/// value of before is received. It stops with its scope. Thread-safe, not copyable. Errors: none.
class timer {
public:
  /// Fires `delay` from now.
  template <typename Rep, typename Period>
  explicit timer(std::chrono::duration<Rep, Period> delay) {
    reset(delay);
  }

  /// Gets the time when it fires.
  [[nodiscard]] receiver<time_point> fired() const { return own_.out(); }

  /// Keeps it from firing. Returns false if it was stopped or its value was received.
  bool stop() { return own_.stop(); }

  /// Makes it fire `delay` from now, and only then.
  template <typename Rep, typename Period> void reset(std::chrono::duration<Rep, Period> delay) {
    own_.start(detail::to_nanoseconds(delay));
  }

private:
  detail::timer_handle own_;
};

/// Fires every `period`. Whoever is too slow misses ticks: at most one waits to be received. Its
/// channel is never closed. It must be stopped, at the latest by the end of its scope, and after
/// that no tick is received. Thread-safe, not copyable.
/// Errors: std::invalid_argument if the period is not positive.
class ticker {
public:
  /// The first tick comes a period from now.
  template <typename Rep, typename Period>
  explicit ticker(std::chrono::duration<Rep, Period> period) {
    reset(period);
  }

  /// Gets the time of each tick.
  [[nodiscard]] receiver<time_point> ticks() const { return own_.out(); }

  /// No tick any more, until a reset.
  void stop() { own_.stop(); }

  /// Starts anew with this period.
  template <typename Rep, typename Period> void reset(std::chrono::duration<Rep, Period> period) {
    own_.start_ticking(detail::to_nanoseconds(period));
  }

private:
  detail::timer_handle own_;
};

} // namespace heddle
