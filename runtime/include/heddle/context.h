// Contexts: how a caller tells the work that it started, and all that this started, to stop.
#pragma once

#include "heddle/context_error.h"
#include "heddle/detail/context_values.h"
#include "heddle/receiver.h"
#include "heddle/time_point.h"
#include "heddle/unit.h"

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <stop_token>
#include <system_error>
#include <utility>

namespace heddle {

class context;

namespace detail {
class context_state;
struct context_access;
class ticket;

/// As mine.wait(), but the end of the context claims the ticket too; returns whether another did.
/// Owner only. When it returns false the caller has yet to take its places out of their queues.
/// REQUIRES: the context is not null.
bool wait_unless_done(ticket &mine, const context &ctx);
} // namespace detail

/// A handle to a node in the tree of cancellation. Copies name the same node. Cancellation flows
/// down the tree, never up. Pass it first and by value or const reference; do not store it.
/// Ownership: a child keeps its ancestors alive; a parent forgets a child that is cancelled or that
/// nobody holds any more. Thread safety: as std::shared_ptr, all members const and thread-safe.
/// Errors: every member of a null context but operator bool throws context_error.
class context {
public:
  /// The null context: no context at all. Nothing accepts it.
  context() noexcept = default;

  /// Closed when the context is done; nil if it never can be (background, todo). Keeps the context
  /// alive.
  [[nodiscard]] receiver<unit> done() const;

  /// Why it is done; false while it is live. Cheap: one atomic load.
  [[nodiscard]] std::error_code err() const;

  /// The earliest deadline of itself and its ancestors.
  [[nodiscard]] std::optional<time_point> deadline() const;

  /// A token that is stopped when the context is done, for std::jthread's and
  /// std::condition_variable_any's sake. It does not keep the context alive: once no handle, done
  /// channel or cancel function is left, it is never stopped.
  [[nodiscard]] std::stop_token stop_token() const;

  /// The value that with_value gave this key, of the same type and equal, last on the way from the
  /// root to here: null if there is none or it is no V. It lives as long as the context.
  template <typename V, std::equality_comparable K>
  [[nodiscard]] const V *value(const K &key) const {
    return static_cast<const V *>(
        detail::context_value::find(values(), typeid(K), &key, typeid(V)));
  }

  /// Whether it is not null.
  explicit operator bool() const noexcept { return state_ != nullptr; }
  friend bool operator==(const context &, const context &) noexcept = default;

private:
  friend struct detail::context_access;
  [[nodiscard]] const detail::context_value *values() const;

  std::shared_ptr<detail::context_state> state_;
  std::shared_ptr<const detail::context_value> values_;
};

namespace detail {
[[nodiscard]] context with_entry(const context &parent, std::shared_ptr<context_value> entry);
} // namespace detail

/// Cancels one context and its descendants with context_errc::canceled. Copyable; idempotent: the
/// first reason stays; thread-safe. When the first call returns, all of them are done. Call it on
/// every path, as soon as the work is over: heddle::defer d(cancel);
class cancel_function {
public:
  void operator()() const;

private:
  friend struct detail::context_access;
  std::shared_ptr<detail::context_state> state_;
};

/// What the with_ functions return: auto [ctx, cancel] = heddle::with_cancel(parent);
struct cancelable_context {
  context ctx;
  cancel_function cancel;
};

/// The root: never done, no deadline. For main, tests and the top of a request.
[[nodiscard]] context background();

/// As background(); says that the right context is not known yet at this place.
[[nodiscard]] context todo();

/// A child that is done when its cancel is called or the parent is done.
/// Errors: context_error if the parent is null (so for the two below).
[[nodiscard]] cancelable_context with_cancel(const context &parent);

/// A child that is also done at `deadline`, at once if that has passed. The parent's stays if it is
/// earlier.
[[nodiscard]] cancelable_context with_deadline(const context &parent, time_point deadline);

/// with_deadline, `timeout` from now.
template <typename Rep, typename Period>
[[nodiscard]] cancelable_context with_timeout(const context &parent,
                                              std::chrono::duration<Rep, Period> timeout) {
  return with_deadline(parent, detail::time_after(detail::to_nanoseconds(timeout)));
}

/// A child that is also done when the token is stopped: the way in from std::jthread. The other way
/// is context::stop_token.
[[nodiscard]] cancelable_context with_stop_token(const context &parent, std::stop_token token);

/// The same context with one value more, for those below: done together, not equal. For data of a
/// request that crosses the layers, such as an id or a user; what a function needs is its
/// parameter. The key should be of a type of your own, so that no other library has the same:
///   struct request_id { friend bool operator==(request_id, request_id) = default; };
///   ctx = with_value(ctx, request_id(), std::string("7f3a"));
/// Both must be safe to read in several tasks at a time. Errors: context_error if the parent is
/// null.
template <std::equality_comparable K, typename V>
[[nodiscard]] context with_value(const context &parent, K key, V value) {
  return detail::with_entry(
      parent, std::make_shared<detail::context_value_of<K, V>>(std::move(key), std::move(value)));
}

} // namespace heddle
