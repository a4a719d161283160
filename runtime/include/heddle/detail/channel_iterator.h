// The iterator behind `for (auto value : channel)`.
#pragma once

#include "heddle/detail/channel_state.h"

#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <source_location>
#include <utility>

namespace heddle::detail {

/// Single-pass: construction and ++ receive (and so may block), and the end is a closed and drained
/// channel. Dereferencing gives the element to be moved from, once, so that `auto value` works for
/// move-only types too; write `auto` or `auto &&`, not `auto &`. Keeps the channel's state alive.
template <typename T> class channel_iterator {
public:
  using value_type = T;
  using difference_type = std::ptrdiff_t;
  using iterator_concept = std::input_iterator_tag;

  /// Receives the first element; a null state is the nil channel and blocks for ever.
  channel_iterator(std::shared_ptr<channel_state<T>> state, std::source_location where)
      : state_(std::move(state)), where_(where) {
    ++*this;
  }

  /// REQUIRES: not at the end.
  T &&operator*() const noexcept { return std::move(*current_); }

  /// Blocks until there is a value or the end.
  channel_iterator &operator++() {
    // The old element goes before the wait: what it owns must not outlive its turn in the loop.
    current_.reset();
    perform_one(receive_operation(state_.get(), current_, where_));
    return *this;
  }
  void operator++(int) { ++*this; }

  friend bool operator==(const channel_iterator &position, std::default_sentinel_t) noexcept {
    return !position.current_.has_value();
  }

private:
  std::shared_ptr<channel_state<T>> state_;
  std::source_location where_;
  mutable std::optional<T> current_;
};

} // namespace heddle::detail
