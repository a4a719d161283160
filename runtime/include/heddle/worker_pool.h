// A worker pool: a fixed number of tasks that do whatever work comes in.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/wait_group.h"

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <source_location>
#include <utility>

namespace heddle {

/// Workers that take callables from a queue, in order. Ownership: whoever made it closes it; the
/// destructor does too. After close the workers finish what is queued; when the context of the pool
/// is done they finish only what they are at, and the rest is dropped. A callable that may take
/// long should look at that context. submit is thread-safe, close belongs to the owner and comes
/// after the last submit. Not copyable. Errors: an exception that escapes a callable ends the
/// program; channel_error for a submit after close; context_error if a context is null;
/// std::invalid_argument without a worker.
class worker_pool {
public:
  /// `queue`: how much work may wait for a worker before submit blocks.
  worker_pool(const context &ctx, std::size_t workers, std::size_t queue = 0,
              std::source_location where = std::source_location::current());
  ~worker_pool() { close(); }
  worker_pool(const worker_pool &) = delete;
  worker_pool &operator=(const worker_pool &) = delete;

  /// Hands the work over; blocks while the queue is full. Returns false, and drops the work, when
  /// either context, the caller's or the pool's, is done first.
  template <std::invocable F>
  [[nodiscard]] bool submit(const context &ctx, F callable,
                            std::source_location where = std::source_location::current()) {
    // Shared, since a std::function must be copyable and the callable need not be.
    auto shared = std::make_shared<F>(std::move(callable));
    return submit_work(ctx, [call = std::move(shared)] { std::move (*call)(); }, where);
  }

  /// Blocks until the workers have ended. Does nothing the second time.
  void close(std::source_location where = std::source_location::current());

private:
  using item = std::function<void()>;
  bool submit_work(const context &ctx, item work, std::source_location where);

  const context ctx_;
  const channel<item> queue_;
  wait_group workers_;
  bool closed_ = false; ///< the owner's
};

} // namespace heddle
