// bridge: a channel of channels read as one.
#pragma once

#include "heddle/pipeline.h"

#include <source_location>
#include <utility>

namespace heddle {

/// The values of the first channel until it is closed, then those of the second, and so on. As the
/// functions of pipeline.h.
template <typename T>
[[nodiscard]] receiver<T> bridge(const context &ctx, receiver<receiver<T>> channels,
                                 std::source_location where = std::source_location::current()) {
  return detail::filled<T>(
      [ctx, channels = std::move(channels)](const sender<T> &out) {
        while (const std::optional<receiver<T>> in = channels.receive(ctx))
          while (std::optional<T> value = in->receive(ctx))
            if (!out.send(ctx, *std::move(value)))
              return;
      },
      where);
}

} // namespace heddle
