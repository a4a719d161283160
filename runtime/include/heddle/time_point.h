// The runtime's clock: steady, so that no deadline moves when the wall clock is set.
#pragma once

#include <chrono>

namespace heddle {

/// An instant of the steady clock: what deadlines are given in. Make one with
/// std::chrono::steady_clock::now() + duration.
using time_point = std::chrono::steady_clock::time_point;

namespace detail {

/// The duration in nanoseconds, cut to what nanoseconds can hold, so that hours::max() as a
/// timeout means "practically never" and not an overflow.
template <typename Rep, typename Period>
constexpr std::chrono::nanoseconds to_nanoseconds(std::chrono::duration<Rep, Period> length) {
  using wide = std::chrono::duration<long double, std::nano>;
  using narrow = std::chrono::nanoseconds;
  if (wide(length) >= wide(narrow::max()))
    return narrow::max();
  if (!(wide(length) > wide(narrow::min()))) // or not a number
    return narrow::min();
  return std::chrono::duration_cast<narrow>(length);
}

/// The instant `length` from now, cut to the range of the clock; now if `length` is negative.
inline time_point time_after(std::chrono::nanoseconds length) {
  const time_point now = std::chrono::steady_clock::now();
  if (length > time_point::max() - now)
    return time_point::max();
  if (length <= std::chrono::nanoseconds::zero())
    return now;
  return now + length;
}

} // namespace detail
} // namespace heddle
