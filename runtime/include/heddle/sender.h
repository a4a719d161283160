// The sending end of a channel.
#pragma once

#include "heddle/detail/channel_state.h"

#include <concepts>
#include <memory>
#include <source_location>

namespace heddle {

template <typename T> class channel;

/// A handle that can only send and close: the parameter type of whoever produces. Every
/// channel<T> converts to it; there is no way back. The members do, and fail, exactly as those of
/// channel<T> with the same names. Thread safety and ownership: as channel<T>.
template <typename T> class sender {
public:
  using value_type = T;

  /// The sending end of the nil channel.
  sender() noexcept = default;
  sender(const channel<T> &both) noexcept; // implicit: giving up rights needs no cast

  /// Blocks until a receiver, or the buffer, has taken the value.
  /// Errors: channel_error if the channel is, or meanwhile becomes, closed.
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
  /// Errors: channel_error if the channel is closed.
  bool try_send(T &&value) const { return detail::try_send_to(state_.get(), value); }
  bool try_send(const T &value) const
    requires std::copy_constructible<T>
  {
    return try_send(T(value));
  }

  /// Says that no value will follow; once, and by one owner.
  /// Errors: channel_error if the channel is nil or closed.
  void close() const { detail::channel_core::close(state_.get()); }

  /// Whether it is not nil.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  friend bool operator==(const sender &, const sender &) noexcept = default;

private:
  friend struct detail::access;
  std::shared_ptr<detail::channel_state<T>> state_;
};

} // namespace heddle

#include "heddle/channel.h"
