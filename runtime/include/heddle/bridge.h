// bridge: a channel of channels read as one.
#ifndef HEDDLE_BRIDGE_H
#define HEDDLE_BRIDGE_H

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/defer.h"
#include "heddle/task.h"

#include <utility>

namespace heddle {

/// The values of the first channel until it is closed, then those of the second, and so on. As the
/// functions of pipeline.h.
template <typename T>
[[nodiscard]] receiver<T> bridge(const context &ctx, receiver<receiver<T>> channels) {
  auto out = make_channel<T>();
  go([ctx, channels = std::move(channels), out = sender<T>(out)] {
    defer d([&] { out.close(); });
    while (const std::optional<receiver<T>> in = channels.receive(ctx))
      while (std::optional<T> value = in->receive(ctx))
        if (!out.send(ctx, *std::move(value)))
          return;
  });
  return out;
}

} // namespace heddle

#endif
