// Running something at the end of the scope, on every path out of it.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

namespace heddle {

/// Calls its callable when the scope ends: on return, break and exception alike, in the reverse
/// order of construction.
///
///   auto [ctx, cancel] = heddle::with_cancel(parent);
///   heddle::defer d(cancel);
///
/// Unlike Go's statement it belongs to the block, not to the function: inside a loop it runs once
/// per iteration. Ownership: it owns a copy of the callable, and what that captures by reference
/// must live at least as long. Errors: the callable must not throw (the program would end).
template <std::invocable F> class [[nodiscard]] defer {
public:
  [[nodiscard]] explicit defer(F callable) noexcept(std::is_nothrow_move_constructible_v<F>)
      : callable_(std::move(callable)) {}
  ~defer() { callable_(); }

  defer(const defer &) = delete;
  defer &operator=(const defer &) = delete;

private:
  F callable_;
};

} // namespace heddle
