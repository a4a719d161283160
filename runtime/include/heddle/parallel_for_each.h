// Bounded parallelism: the same work for every element, so many at a time.
#pragma once

#include "heddle/context.h"
#include "heddle/error_group.h"

#include <concepts>
#include <cstddef>
#include <ranges>
#include <source_location>
#include <utility>

namespace heddle {

/// Calls callable(ctx, element) for all elements, each in a task of its own, at most `limit` at a
/// time, with a context that is done at the first failure. All tasks have ended when it returns.
/// Returns whether all were called: not, if the context was done before. The callable is shared by
/// the tasks, and the range must stay as it is meanwhile.
/// Errors: the first exception that escapes a call; context_error if the context is null;
/// std::invalid_argument if the limit is zero.
template <std::ranges::forward_range R,
          std::invocable<const context &, std::ranges::range_reference_t<R>> F>
[[nodiscard]] bool parallel_for_each(const context &ctx, R &&range, std::size_t limit, F &&callable,
                                     std::source_location where = std::source_location::current()) {
  error_group group(ctx, limit);
  bool all = true;
  for (auto place = std::ranges::begin(range); all && place != std::ranges::end(range); ++place)
    all = group.go([&callable, place](const context &own) { callable(own, *place); }, where);
  group.wait(where);
  return all;
}

} // namespace heddle
