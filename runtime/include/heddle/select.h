// select: waiting for the first of several channel operations. The cases are values made by
// on_receive, on_send and otherwise; the operations run in channel_core, under one algorithm.
#pragma once

#include "heddle/channel.h"

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <source_location>
#include <tuple>
#include <type_traits>
#include <utility>

namespace heddle {
namespace detail {

/// What select needs of a case, here and below: operation(i) says what it wants (a nil core:
/// nothing), run() calls its handler.
template <typename T, typename F> struct receive_case {
  receiver<T> from;
  F handler;
  std::source_location where;
  std::optional<T> value = std::nullopt;

  detail::operation operation(std::size_t index) noexcept {
    return receive_operation(access::core(from), value, where, index);
  }
  void run() {
    if constexpr (std::invocable<F &, std::optional<T>>)
      handler(std::move(value));
    else
      handler();
  }
};

/// Owns the value, so that a case that is not chosen takes it along.
template <typename T, typename F> struct send_case {
  sender<T> to;
  T value;
  F handler;
  std::source_location where;

  detail::operation operation(std::size_t index) noexcept {
    return send_operation(access::core(to), value, where, index);
  }
  void run() { handler(); }
};

/// Wants nothing, and so is chosen only when nothing else is.
template <typename F> struct otherwise_case {
  F handler;

  detail::operation operation(std::size_t) noexcept { return {}; }
  void run() { handler(); }
};

template <typename Case> inline constexpr bool is_otherwise = false;
template <typename F> inline constexpr bool is_otherwise<otherwise_case<F>> = true;

/// A handler that takes what was received, or leaves it.
template <typename F, typename T>
concept receive_handler = std::invocable<F &, std::optional<T>> || std::invocable<F &>;

/// As select below. `waits_for`: what reports call the wait; null: by its cases.
template <typename... Cases> std::size_t select_for(const char *waits_for, Cases &&...cases) {
  constexpr std::size_t defaults = (0 + ... + (is_otherwise<std::remove_cvref_t<Cases>> ? 1 : 0));
  static_assert(defaults <= 1, "a select has at most one otherwise case");

  std::size_t position = 0;
  std::array<operation, sizeof...(Cases)> wanted{cases.operation(position++)...};
  const std::size_t chosen =
      perform(wanted, defaults == 0 ? time_point::max() : at_once, waits_for);

  std::size_t ran = 0;
  position = 0;
  const auto run_if_chosen = [&](auto &one) {
    const std::size_t index = position++;
    constexpr bool is_default = is_otherwise<std::remove_cvref_t<decltype(one)>>;
    if (chosen != (is_default ? no_operation : index))
      return;
    ran = index;
    one.run();
  };
  (run_if_chosen(cases), ...);
  return ran;
}

} // namespace detail

/// The case that receives: the handler gets the std::optional<T> (nullopt: closed and drained), or
/// nothing if it takes no argument, as suits ctx.done(). Shares the channel until select returns.
template <typename Handle, typename F, typename T = typename Handle::value_type>
  requires std::convertible_to<Handle, receiver<T>> && detail::receive_handler<F, T>
[[nodiscard]] detail::receive_case<T, F>
on_receive(const Handle &from, F handler,
           std::source_location where = std::source_location::current()) {
  return {from, std::move(handler), where};
}

/// The case that sends `value`; it is evaluated, and lost, even when another case runs.
template <typename Handle, std::invocable F, typename T = typename Handle::value_type>
  requires std::convertible_to<Handle, sender<T>>
[[nodiscard]] detail::send_case<T, F>
on_send(const Handle &to, typename Handle::value_type value, F handler,
        std::source_location where = std::source_location::current()) {
  return {to, std::move(value), std::move(handler), where};
}

/// The case that runs when no other is ready; with it, select never blocks.
template <std::invocable F> [[nodiscard]] detail::otherwise_case<F> otherwise(F handler) {
  return {std::move(handler)};
}

/// Waits until a case is ready, performs its operation, then runs its handler; no lock is held
/// meanwhile. Returns the position of that case among the arguments. If several are ready the
/// choice is uniformly random; a closed channel is always ready; a nil one never is, which is how
/// a case is switched off. With nothing but nil channels it blocks for ever.
/// Errors: channel_error when the chosen case sends on a closed channel, and what the handler
/// throws. Thread-safe; the cases belong to this call.
template <typename... Cases> std::size_t select(Cases... cases) {
  return detail::select_for(nullptr, cases...);
}

} // namespace heddle
