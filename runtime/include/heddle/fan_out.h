// Fan-out: many tasks that share the values of one channel.
#pragma once

#include "heddle/errors.h"
#include "heddle/pipeline.h"

#include <concepts>
#include <cstddef>
#include <source_location>
#include <vector>

namespace heddle {

/// `width` stages that all receive from `in`, so that each value goes to one of them. Each has its
/// own copy of the callable and its own channel; fan_in makes one of these. As the functions of
/// pipeline.h. Errors: std::invalid_argument if `width` is zero.
template <typename T, typename F>
  requires std::invocable<F &, T>
[[nodiscard]] auto fan_out(const context &ctx, const receiver<T> &in, std::size_t width,
                           const F &callable,
                           std::source_location where = std::source_location::current()) {
  std::vector<decltype(stage(ctx, in, callable))> outputs;
  outputs.reserve(detail::positive(width, "heddle: a fan_out needs a stage"));
  for (std::size_t i = 0; i < width; ++i)
    outputs.push_back(stage(ctx, in, callable, where));
  return outputs;
}

} // namespace heddle
