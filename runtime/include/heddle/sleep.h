// Sleeping. To wait for a task use join, a wait_group or a channel: sleep synchronises nothing.
#ifndef HEDDLE_SLEEP_H
#define HEDDLE_SLEEP_H

#include "heddle/context.h"
#include "heddle/time_point.h"

#include <chrono>

namespace heddle {

namespace detail {
/// Both: blocks until the instant `wake`, which may be past; the second returns whether it came
/// before the context was done.
void sleep_until(time_point wake);
bool sleep_until(const context &ctx, time_point wake);
} // namespace detail

/// Blocks the calling task for at least `length`; returns at once if that is not positive. No
/// context can end it: in a task that has one, use the overload below.
template <typename Rep, typename Period> void sleep_for(std::chrono::duration<Rep, Period> length) {
  detail::sleep_until(detail::time_after(detail::to_nanoseconds(length)));
}

/// As above, but wakes when the context is done. Returns true if it slept to the end, false if the
/// context was done first. Errors: context_error if the context is null.
template <typename Rep, typename Period>
bool sleep_for(const context &ctx, std::chrono::duration<Rep, Period> length) {
  return detail::sleep_until(ctx, detail::time_after(detail::to_nanoseconds(length)));
}

} // namespace heddle

#endif
