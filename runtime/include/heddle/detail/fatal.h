// The end of the program on misuse that cannot be thrown. Internal.
#pragma once

#include <exception>
#include <utility>

namespace heddle::detail {

/// Writes "heddle: <sentence>" as one line on stderr and aborts. Thread-safe.
[[noreturn]] void fatal(const char *sentence) noexcept;

/// fatal() with "unhandled exception in a task: <what>". REQUIRES: the pointer is not null.
[[noreturn]] void fatal_exception(const std::exception_ptr &escaped) noexcept;

/// Calls; an exception that escapes is a fatal_exception().
template <typename F> void call_or_end_program(F &&callable) noexcept {
  try {
    std::forward<F>(callable)();
  } catch (...) {
    fatal_exception(std::current_exception());
  }
}

} // namespace heddle::detail
