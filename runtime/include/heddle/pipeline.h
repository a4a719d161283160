// Pipelines: stages that run beside each other, each handing its values to the next.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/defer.h"
#include "heddle/task.h"

#include <concepts>
#include <ranges>
#include <source_location>
#include <type_traits>
#include <utility>

namespace heddle {

// Here, and in all functions that return the channel which their task fills: the task closes it
// when its input has ended or when the context is done, and then it is gone. Who stops receiving
// before that must cancel the context, or the task waits for ever. An exception that escapes a
// callable ends the program. All are thread-safe; context_error if the context is null.

namespace detail {
/// A channel, and the task that fills it by fill(out) and then closes it.
template <typename T, typename F>
receiver<T> filled(F fill, std::source_location where, std::size_t capacity = 0) {
  auto out = make_channel<T>(capacity);
  go(
      [fill = std::move(fill), out = sender<T>(out)]() mutable {
        defer d([&] { out.close(); });
        fill(out);
      },
      where);
  return out;
}
} // namespace detail

/// The first stage: a task that sends the elements of the range, which it owns. What a view refers
/// to must live until the channel is closed.
template <std::ranges::input_range R>
[[nodiscard]] receiver<std::ranges::range_value_t<R>>
source(const context &ctx, R range, std::source_location where = std::source_location::current()) {
  using T = std::ranges::range_value_t<R>;
  return detail::filled<T>(
      [ctx, range = std::move(range)](const sender<T> &out) mutable {
        for (auto &&element : range) {
          if constexpr (std::ranges::view<R>) {
            if (!out.send(ctx, T(std::forward<decltype(element)>(element))))
              return;
          } else if (!out.send(ctx, T(std::move(element)))) {
            return;
          }
        }
      },
      where);
}

/// A stage: a task that sends what the callable makes of each value, in the same order.
template <typename T, typename F>
  requires std::invocable<F &, T>
[[nodiscard]] auto stage(const context &ctx, receiver<T> in, F callable,
                         std::source_location where = std::source_location::current())
    -> receiver<std::decay_t<std::invoke_result_t<F &, T>>> {
  using U = std::decay_t<std::invoke_result_t<F &, T>>;
  return detail::filled<U>(
      [ctx, in = std::move(in), call = std::move(callable)](const sender<U> &out) mutable {
        while (std::optional<T> value = in.receive(ctx))
          if (!out.send(ctx, call(*std::move(value))))
            return;
      },
      where);
}

} // namespace heddle
