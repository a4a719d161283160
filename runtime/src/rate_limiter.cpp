// The arithmetic of turns.
#include "heddle/rate_limiter.h"

#include "heddle/sleep.h"

#include <algorithm>
#include <stdexcept>

namespace heddle {

// What is longer is as good as endless, and would overflow.
constexpr std::chrono::nanoseconds century = std::chrono::hours(24 * 36525);

rate_limiter::rate_limiter(std::chrono::nanoseconds interval, std::size_t burst, std::nullptr_t)
    : interval_(std::min(interval, century)) {
  if (interval <= std::chrono::nanoseconds::zero() || burst == 0)
    throw std::invalid_argument("heddle: a rate_limiter needs a positive interval and burst");
  const auto most = static_cast<std::size_t>(century / interval_);
  tolerance_ = interval_ * static_cast<std::int64_t>(std::min(burst - 1, most));
  full_ = std::chrono::steady_clock::now();
}

time_point rate_limiter::turn(time_point now) const { return std::max(full_ - tolerance_, now); }

time_point rate_limiter::take(time_point now) {
  const time_point mine = turn(now);
  full_ = std::max(full_, now) + interval_;
  return mine;
}

void rate_limiter::wait(std::source_location where) { (void)wait(background(), where); }

bool rate_limiter::wait(const context &ctx, std::source_location where) {
  if (ctx.err())
    return false;
  const std::optional<time_point> deadline = ctx.deadline();
  time_point mine;
  time_point full;
  {
    detail::internal_lock lock(mutex_);
    const time_point now = std::chrono::steady_clock::now();
    if (deadline && turn(now) > *deadline)
      return false;
    mine = take(now);
    full = full_;
  }
  if (detail::sleep_until(ctx, mine, where))
    return true;
  detail::internal_lock lock(mutex_);
  if (full_ == full)
    full_ -= interval_;
  return false;
}

bool rate_limiter::try_take() {
  const time_point now = std::chrono::steady_clock::now();
  detail::internal_lock lock(mutex_);
  if (turn(now) > now)
    return false;
  take(now);
  return true;
}

} // namespace heddle
