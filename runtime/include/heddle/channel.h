// Channels: the way by which tasks hand values, and their ownership, to each other.
#pragma once

#include "heddle/detail/channel_iterator.h"
#include "heddle/detail/channel_state.h"
#include "heddle/errors.h"
#include "heddle/receiver.h"
#include "heddle/sender.h"
#include "heddle/unit.h"

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <source_location>
#include <utility>

namespace heddle {

/// A handle to a queue of T between tasks; with capacity 0 a send meets its receive. Copies name
/// the same channel; == tells whether two handles do. The axioms are Go's:
///
///                    nil              open, not ready    closed
///   send             blocks for ever  blocks             error
///   receive          blocks for ever  blocks             the buffer's rest, then nullopt
///   close            error            closes             error
///
/// T may be move-only; it must move without throwing. A send happens before the end of the receive
/// that takes its value; a close happens before a receive that returns because of it; a receive
/// from an unbuffered channel happens before the end of its send.
/// Ownership: handles share the state; dropping the last one does not close the channel.
/// Thread safety: all members are thread-safe, but one handle object must not be assigned to while
/// another task uses that same object. Errors: channel_error, never in the try_ calls but for
/// try_send on a closed channel.
/// Only the sender should close. Give functions a sender<T> or receiver<T> rather than this.
template <typename T> class channel {
public:
  using value_type = T;

  /// The nil channel.
  channel() noexcept = default;

  /// Blocks until a receiver, or the buffer, has taken the value.
  void send(T value, std::source_location where = std::source_location::current()) const {
    detail::send_to(state_.get(), value, where);
  }

  /// As above, but returns false, with the value untouched, when the context is done first.
  bool send(const context &ctx, T &&value,
            std::source_location where = std::source_location::current()) const {
    return detail::perform_unless_done(detail::send_operation(state_.get(), value, where), ctx);
  }
  bool send(const context &ctx, const T &value,
            std::source_location where = std::source_location::current()) const
    requires std::copy_constructible<T>
  {
    return send(ctx, T(value), where);
  }

  /// Sends if that needs no waiting; otherwise returns false and leaves the value untouched.
  bool try_send(T &&value) const { return detail::try_send_to(state_.get(), value); }
  bool try_send(const T &value) const
    requires std::copy_constructible<T>
  {
    return try_send(T(value));
  }

  /// Blocks until there is a value; nullopt when the channel is closed and drained.
  [[nodiscard]] std::optional<T>
  receive(std::source_location where = std::source_location::current()) const {
    return detail::receive_from<T>(state_.get(), where);
  }

  /// As above, but also nullopt when the context is done first; ctx.err() tells.
  [[nodiscard]] std::optional<T>
  receive(const context &ctx, std::source_location where = std::source_location::current()) const {
    return detail::receive_from<T>(state_.get(), ctx, where);
  }

  /// Receives if that needs no waiting. nullopt: nothing there now, or closed and drained (a select
  /// with `otherwise` can tell the two apart).
  [[nodiscard]] std::optional<T> try_receive() const {
    return detail::try_receive_from<T>(state_.get());
  }

  /// Says that no value will follow. Every waiting receiver returns; every waiting sender fails.
  void close() const { detail::channel_core::close(state_.get()); }

  /// For monitoring only: both are out of date, or about to be, when they return. 0 for nil.
  [[nodiscard]] std::size_t size() const { return state_ ? state_->size() : 0; }
  [[nodiscard]] std::size_t capacity() const noexcept { return state_ ? state_->capacity() : 0; }

  /// Ranges over the values until the channel is closed and drained; begin() and ++ receive.
  [[nodiscard]] auto begin(std::source_location where = std::source_location::current()) const {
    return detail::channel_iterator<T>(state_, where);
  }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  /// Whether it is not nil.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  friend bool operator==(const channel &, const channel &) noexcept = default;

private:
  friend struct detail::access;
  std::shared_ptr<detail::channel_state<T>> state_;
};

/// A new open channel that buffers up to `capacity` values.
template <typename T> [[nodiscard]] channel<T> make_channel(std::size_t capacity = 0) {
  return detail::access::make<channel<T>>(std::make_shared<detail::channel_state<T>>(capacity));
}

template <typename T>
sender<T>::sender(const channel<T> &both) noexcept
    : sender(detail::access::make<sender>(detail::access::share(both))) {}

template <typename T>
receiver<T>::receiver(const channel<T> &both) noexcept
    : receiver(detail::access::make<receiver>(detail::access::share(both))) {}

} // namespace heddle
