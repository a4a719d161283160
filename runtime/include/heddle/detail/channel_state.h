// What a channel adds to its core for elements of type T, and the calls that the handles share.
#pragma once

#include "heddle/detail/channel_core.h"

#include <memory>
#include <optional>
#include <source_location>
#include <type_traits>
#include <utility>
#include <vector>

namespace heddle::detail {

/// A ring of `capacity` elements, allocated once; none for signals, whose number says all. All
/// members run under the core's lock, and the core counts: it never pushes to a full ring nor pops
/// from an empty one.
template <typename T> class channel_state final : public channel_core {
  static_assert(std::is_object_v<T> && std::is_same_v<T, std::remove_cv_t<T>>,
                "a channel carries values: no references, no const");
  static_assert(std::is_nothrow_move_constructible_v<T> && std::is_nothrow_destructible_v<T>,
                "a channel's element must move without throwing; send a std::unique_ptr instead");

public:
  explicit channel_state(std::size_t capacity)
      : channel_core(capacity), ring_(signal ? 0 : capacity) {}

private:
  static constexpr bool signal = std::is_empty_v<T> && std::is_trivial_v<T>;

  void push([[maybe_unused]] void *from) noexcept override {
    if constexpr (signal)
      return;
    ring_[tail_].emplace(std::move(*static_cast<T *>(from)));
    tail_ = after(tail_);
  }
  void pop(void *to) noexcept override {
    if constexpr (signal) {
      static_cast<std::optional<T> *>(to)->emplace();
      return;
    }
    std::optional<T> &front = ring_[head_];
    static_cast<std::optional<T> *>(to)->emplace(std::move(*front));
    front.reset();
    head_ = after(head_);
  }
  void hand_over(void *from, void *to) noexcept override {
    static_cast<std::optional<T> *>(to)->emplace(std::move(*static_cast<T *>(from)));
  }

  [[nodiscard]] std::size_t after(std::size_t place) const noexcept {
    return place + 1 == ring_.size() ? 0 : place + 1;
  }

  std::vector<std::optional<T>> ring_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

/// The way from a handle to its state, for the runtime only.
struct access {
  template <typename Handle> static auto core(const Handle &handle) noexcept {
    return handle.state_.get();
  }
  template <typename Handle> static const auto &share(const Handle &handle) noexcept {
    return handle.state_;
  }
  template <typename Handle, typename State>
  static Handle make(std::shared_ptr<State> state) noexcept {
    Handle handle;
    handle.state_ = std::move(state);
    return handle;
  }
};

/// The wish to send `value`, which must live until the operation has been performed or given up. It
/// is moved from only if it is sent. `where` is for reports, `index` is what perform() returns.
template <typename T>
operation send_operation(channel_core *core, T &value, std::source_location where = {},
                         std::size_t index = 0) noexcept {
  return {waiter(), core, operation::direction::send, std::addressof(value), index, where};
}

/// The wish to receive into `into`, which must be empty and live as long; it stays empty when the
/// channel is closed and drained.
template <typename T>
operation receive_operation(channel_core *core, std::optional<T> &into,
                            std::source_location where = {}, std::size_t index = 0) noexcept {
  return {waiter(), core, operation::direction::receive, std::addressof(into), index, where};
}

// The single operations, for all three handles; a null core is the nil channel. Errors:
// channel_error from the first two when the channel is closed.

/// Blocks until the value is taken.
template <typename T> void send_to(channel_core *core, T &value, std::source_location where) {
  perform_one(send_operation(core, value, where));
}

/// False: it would have to wait, and the value is untouched.
template <typename T> bool try_send_to(channel_core *core, T &value) {
  operation wanted = send_operation(core, value, {});
  return perform({&wanted, 1}, at_once) != no_operation;
}

/// Blocks until there is a value or the channel is closed and drained.
template <typename T>
std::optional<T> receive_from(channel_core *core, std::source_location where) {
  std::optional<T> value;
  perform_one(receive_operation(core, value, where));
  return value;
}

/// Also gives up when the context is done first.
template <typename T>
std::optional<T> receive_from(channel_core *core, const context &ctx, std::source_location where) {
  std::optional<T> value;
  perform_unless_done(receive_operation(core, value, where), ctx);
  return value;
}

/// Never blocks.
template <typename T> std::optional<T> try_receive_from(channel_core *core) {
  std::optional<T> value;
  operation wanted = receive_operation(core, value, {});
  perform({&wanted, 1}, at_once);
  return value;
}

} // namespace heddle::detail
