// A bounded queue with a policy for when it is full.
#pragma once

#include "heddle/channel.h"
#include "heddle/context.h"
#include "heddle/errors.h"
#include "heddle/select.h"

#include <atomic>
#include <cstddef>
#include <source_location>
#include <utility>

namespace heddle {

/// What happens to a value for which there is no room.
enum class overflow {
  block,       ///< whoever brings it waits: back-pressure
  drop_newest, ///< it is dropped
  drop_oldest, ///< what has waited longest is dropped
};

namespace detail {
/// Sends the value away, unless one of the contexts is done first (or already). Returns whether it
/// did. `waits_for`: for reports, a literal.
template <typename T>
bool send_unless_done(const channel<T> &into, T &value, const context &ctx, const context &other,
                      const char *waits_for, std::source_location where) {
  if (ctx.err() || other.err())
    return false;
  bool sent = false;
  select_for(waits_for,
             on_send(
                 into, std::move(value), [&] { sent = true; }, where),
             on_receive(ctx.done(), [] {}, where), on_receive(other.done(), [] {}, where));
  return sent;
}

/// Puts the value into a channel with a buffer. Returns false if it is dropped, or if one of the
/// contexts is done first. Counts what is dropped.
template <typename T>
bool put(const channel<T> &into, overflow policy, const context &ctx, const context &other,
         T &value, std::atomic<std::size_t> &dropped, std::source_location where) {
  if (policy == overflow::block)
    return send_unless_done(into, value, ctx, other, "room in a queue or the end of a context",
                            where);
  if (ctx.err() || other.err())
    return false;
  while (!into.try_send(std::move(value))) {
    if (policy == overflow::drop_newest) {
      ++dropped;
      return false;
    }
    if (into.try_receive())
      ++dropped;
  }
  return true;
}
} // namespace detail

/// A channel between producers, who push and close, and consumers, who get out() and no more. All
/// members are thread-safe; close as for a channel: once, after the last push. Not copyable.
/// Errors: channel_error for a push or close after close; std::invalid_argument if there is no
/// capacity; context_error if the context is null.
template <typename T> class queue {
public:
  explicit queue(std::size_t capacity, overflow when_full = overflow::block)
      : channel_(make_channel<T>(detail::positive(capacity, "heddle: a queue needs room for one"))),
        policy_(when_full) {}

  /// Returns whether the value is in the queue now. Blocks only with overflow::block, until there
  /// is room or the context is done; a context that is done lets nothing in.
  bool push(const context &ctx, T value,
            std::source_location where = std::source_location::current()) {
    return detail::put(channel_, policy_, ctx, background(), value, dropped_, where);
  }

  /// No more values will come: what is queued can still be received.
  void close() { channel_.close(); }

  [[nodiscard]] receiver<T> out() const { return channel_; }

  /// How many values were dropped so far; for monitoring.
  [[nodiscard]] std::size_t dropped() const noexcept { return dropped_; }

private:
  const channel<T> channel_;
  const overflow policy_;
  std::atomic<std::size_t> dropped_ = 0;
};

} // namespace heddle
