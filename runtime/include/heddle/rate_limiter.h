// A rate limiter: so much per time, steadily or in bursts.
#pragma once

#include "heddle/annotations.h"
#include "heddle/context.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/time_point.h"

#include <chrono>
#include <cstddef>
#include <source_location>

namespace heddle {

/// Lets one through every `interval`; after a pause up to `burst` at once, so that 1 is steady. It
/// has no task and no timer of its own (generic cell rate algorithm, ITU-T I.371): it keeps the
/// time when the bucket will be full again. Turns are given in the order of calls. Thread-safe, not
/// copyable. A century is as good as endless: a longer interval, or what a burst is ahead, is cut.
/// REQUIRES: turns that are given out lie less than a century ahead.
/// Errors: std::invalid_argument unless both are positive; context_error if the context is null.
class rate_limiter {
public:
  template <typename Rep, typename Period>
  explicit rate_limiter(std::chrono::duration<Rep, Period> interval, std::size_t burst = 1)
      : rate_limiter(detail::to_nanoseconds(interval), burst, nullptr) {}

  /// Blocks until it is the caller's turn.
  void wait(std::source_location where = std::source_location::current());

  /// As above, but returns false when the context is done first, and at once when the turn would
  /// come after its deadline. The turn is given back unless others have queued behind it.
  [[nodiscard]] bool wait(const context &ctx,
                          std::source_location where = std::source_location::current());

  /// Takes a turn if there is one now; never blocks.
  [[nodiscard]] bool try_take();

private:
  rate_limiter(std::chrono::nanoseconds interval, std::size_t burst, std::nullptr_t);

  /// The next turn, which is not before `now`.
  time_point turn(time_point now) const HEDDLE_REQUIRES(mutex_);
  time_point take(time_point now) HEDDLE_REQUIRES(mutex_);

  const std::chrono::nanoseconds interval_;
  std::chrono::nanoseconds tolerance_; ///< how long a burst is ahead of the steady rate
  detail::internal_mutex mutex_;
  time_point full_ HEDDLE_GUARDED_BY(mutex_); ///< when the bucket is full again
};

} // namespace heddle
