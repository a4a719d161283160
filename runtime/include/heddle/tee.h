// tee: every value to two receivers.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/defer.h"
#include "heddle/select.h"
#include "heddle/task.h"

#include <concepts>
#include <source_location>
#include <utility>

namespace heddle {

/// Two channels that both get every value of `in`, which waits until both have taken the one
/// before: the slower sets the pace. Both are closed together. As the functions of pipeline.h.
template <std::copy_constructible T>
[[nodiscard]] std::pair<receiver<T>, receiver<T>>
tee(const context &ctx, receiver<T> in,
    std::source_location where = std::source_location::current()) {
  auto left = make_channel<T>();
  auto right = make_channel<T>();
  go(
      [ctx, in = std::move(in), left = sender<T>(left), right = sender<T>(right)] {
        defer d([&] {
          left.close();
          right.close();
        });
        while (const std::optional<T> value = in.receive(ctx)) {
          // Each is switched off when it has the value.
          sender<T> first = left;
          sender<T> second = right;
          while ((first || second) && !ctx.err())
            select(on_send(first, *value, [&] { first = {}; }),
                   on_send(second, *value, [&] { second = {}; }), on_receive(ctx.done(), [] {}));
        }
      },
      where);
  return {left, right};
}

} // namespace heddle
