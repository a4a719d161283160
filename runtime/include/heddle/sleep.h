// Sleeping. To wait for a task use join, a wait_group or a channel: sleep synchronises nothing.
#pragma once

#include "heddle/context.h"
#include "heddle/time_point.h"

#include <chrono>
#include <source_location>

namespace heddle {

namespace detail {
/// Both: blocks until the instant `wake`, which may be past; the second returns whether it came
/// before the context was done.
void sleep_until(time_point wake, std::source_location where);
bool sleep_until(const context &ctx, time_point wake, std::source_location where);
} // namespace detail

/// Blocks the calling task for at least `length`; returns at once if that is not positive. No
/// context can end it: in a task that has one, use the overload below.
template <typename Rep, typename Period>
void sleep_for(std::chrono::duration<Rep, Period> length,
               std::source_location where = std::source_location::current()) {
  detail::sleep_until(detail::time_after(detail::to_nanoseconds(length)), where);
}

/// As above, but wakes when the context is done. Returns true if it slept to the end, false if the
/// context was done first. Errors: context_error if the context is null.
template <typename Rep, typename Period>
bool sleep_for(const context &ctx, std::chrono::duration<Rep, Period> length,
               std::source_location where = std::source_location::current()) {
  return detail::sleep_until(ctx, detail::time_after(detail::to_nanoseconds(length)), where);
}

} // namespace heddle
