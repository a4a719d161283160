// Publish and subscribe: every value to all who want it at the time.
#pragma once

#include "heddle/annotations.h"
#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/detail/internal_mutex.h"
#include "heddle/errors.h"
#include "heddle/queue.h"

#include <atomic>
#include <concepts>
#include <cstddef>
#include <source_location>
#include <vector>

namespace heddle {

/// Publishers and subscribers that do not know each other. A subscription has a buffer of its own
/// and its own policy for when that is full, so that only who subscribes with overflow::block can
/// hold publishers up. It ends with its context: that gets nothing more then (its channel is not
/// closed, as a publisher may be about to send: receive with the context). Thread-safe, not
/// copyable; it has no task. close is for the owner, after the last publish.
/// Errors: channel_error for a publish that close overtakes; std::invalid_argument for a
/// subscription without capacity; context_error if a context is null.
template <std::copy_constructible T> class topic {
public:
  /// The channel that gets what is published from now on until the context is done. Closed by
  /// close.
  [[nodiscard]] receiver<T> subscribe(const context &ctx, std::size_t capacity = 1,
                                      overflow when_full = overflow::drop_oldest) {
    (void)detail::positive(capacity, "heddle: a queue needs room for one");
    subscription added{ctx, make_channel<T>(capacity), when_full};
    const receiver<T> out = added.out;
    const bool done = static_cast<bool>(ctx.err());
    detail::internal_lock lock(mutex_);
    if (closed_)
      added.out.close();
    else if (!done)
      subscriptions_.push_back(std::move(added));
    return out;
  }

  /// Gives each subscription a copy. Returns how many took it. Waits for slow subscribers that want
  /// so, until the context is done.
  std::size_t publish(const context &ctx, const T &value,
                      std::source_location where = std::source_location::current()) {
    std::size_t taken = 0;
    // A copy, so that nobody is locked out while a slow subscriber is waited for.
    for (const subscription &to : live()) {
      T own(value);
      taken += detail::put(to.out, to.when_full, ctx, to.ctx, own, dropped_, where) ? 1 : 0;
    }
    return taken;
  }

  /// Closes all subscriptions, also those to come. Does nothing the second time.
  void close() {
    std::vector<subscription> closing;
    {
      detail::internal_lock lock(mutex_);
      closed_ = true;
      closing.swap(subscriptions_);
    }
    for (const subscription &one : closing)
      one.out.close();
  }

  /// How many values were dropped so far for lack of room; for monitoring.
  [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }

private:
  struct subscription {
    context ctx;
    channel<T> out;
    overflow when_full;
  };

  std::vector<subscription> live() {
    detail::internal_lock lock(mutex_);
    std::erase_if(subscriptions_, [](const subscription &one) { return !!one.ctx.err(); });
    return subscriptions_;
  }

  detail::internal_mutex mutex_;
  std::vector<subscription> subscriptions_ HEDDLE_GUARDED_BY(mutex_);
  bool closed_ HEDDLE_GUARDED_BY(mutex_) = false;
  std::atomic<std::size_t> dropped_ = 0;
};

} // namespace heddle
