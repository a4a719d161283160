// Fan-in: the values of many channels in one.
#pragma once

#include "heddle/pipeline.h"
#include "heddle/wait_group.h"

#include <source_location>
#include <utility>
#include <vector>

namespace heddle {

/// Merges the channels: the order of values of one is kept, that among them is not. Closed when all
/// of them are closed and drained, or the context is done. As the functions of pipeline.h.
template <typename T>
[[nodiscard]] receiver<T> fan_in(const context &ctx, std::vector<receiver<T>> inputs,
                                 std::source_location where = std::source_location::current()) {
  return detail::filled<T>(
      [ctx, inputs = std::move(inputs), where](const sender<T> &out) {
        wait_group copying;
        for (const receiver<T> &in : inputs)
          copying.go(
              [&ctx, &out, in] {
                while (std::optional<T> value = in.receive(ctx))
                  if (!out.send(ctx, *std::move(value)))
                    return;
              },
              where);
        copying.wait();
      },
      where);
}

} // namespace heddle
