// or-done: ranging over a channel whose sender does not know your context.
#ifndef HEDDLE_OR_DONE_H
#define HEDDLE_OR_DONE_H

#include "heddle/pipeline.h"

#include <functional>
#include <utility>

namespace heddle {

/// The values of `in` until it is closed and drained or the context is done. As the functions of
/// pipeline.h.
template <typename T> [[nodiscard]] receiver<T> or_done(const context &ctx, receiver<T> in) {
  return stage(ctx, std::move(in), std::identity());
}

} // namespace heddle

#endif
