// bridge: a channel of channels read as one.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/defer.h"
#include "heddle/task.h"

#include <source_location>
#include <utility>

namespace heddle {

/// The values of the first channel until it is closed, then those of the second, and so on. As the
/// functions of pipeline.h.
template <typename T>
[[nodiscard]] receiver<T> bridge(const context &ctx, receiver<receiver<T>> channels,
                                 std::source_location where = std::source_location::current()) {
  auto out = make_channel<T>();
  go(
      [ctx, channels = std::move(channels), out = sender<T>(out)] {
        defer d([&] { out.close(); });
        while (const std::optional<receiver<T>> in = channels.receive(ctx))
          while (std::optional<T> value = in->receive(ctx))
            if (!out.send(ctx, *std::move(value)))
              return;
      },
      where);
  return out;
}

} // namespace heddle
