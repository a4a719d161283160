// The receiving end of a channel.
#pragma once

#include "heddle/detail/channel_iterator.h"
#include "heddle/detail/channel_state.h"

#include <iterator>
#include <memory>
#include <optional>
#include <source_location>

namespace heddle {

template <typename T> class channel;

/// A handle that can only receive: the parameter type of whoever consumes. It has no close, since
/// only the sending side knows when no value will follow. Every channel<T> converts to it; there
/// is no way back. The members do exactly as those of channel<T> with the same names. Thread
/// safety and ownership: as channel<T>.
template <typename T> class receiver {
public:
  using value_type = T;

  /// The receiving end of the nil channel.
  receiver() noexcept = default;
  receiver(const channel<T> &both) noexcept; // implicit: giving up rights needs no cast

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

  /// Receives if that needs no waiting. nullopt: nothing there now, or closed and drained.
  [[nodiscard]] std::optional<T> try_receive() const {
    return detail::try_receive_from<T>(state_.get());
  }

  /// Ranges over the values until the channel is closed and drained; begin() and ++ receive.
  [[nodiscard]] auto begin(std::source_location where = std::source_location::current()) const {
    return detail::channel_iterator<T>(state_, where);
  }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

  /// Whether it is not nil.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  friend bool operator==(const receiver &, const receiver &) noexcept = default;

private:
  friend struct detail::access;
  std::shared_ptr<detail::channel_state<T>> state_;
};

} // namespace heddle

#include "heddle/channel.h"
