// or-done: ranging over a channel whose sender does not know your context.
#pragma once

#include "heddle/pipeline.h"

#include <functional>
#include <source_location>
#include <utility>

namespace heddle {

/// The values of `in` until it is closed and drained or the context is done. As the functions of
/// pipeline.h.
template <typename T>
[[nodiscard]] receiver<T> or_done(const context &ctx, receiver<T> in,
                                  std::source_location where = std::source_location::current()) {
  return stage(ctx, std::move(in), std::identity(), where);
}

} // namespace heddle
