// Result channels and done channels: what becomes of one task.
#pragma once

#include "heddle/pipeline.h"
#include "heddle/unit.h"

#include <concepts>
#include <source_location>
#include <type_traits>
#include <utility>

namespace heddle {

/// Starts a task and returns the channel that gets its result, once, and is closed then. There is
/// room for the result, so the task ends also when nobody receives it any more (after a timeout,
/// say). Of a callable without result it is a done channel: closed when the call has returned. Give
/// the callable a context if it can take long. Thread-safe. Errors: an exception that escapes the
/// callable ends the program; std::system_error as heddle::go.
template <std::invocable F>
[[nodiscard]] auto async(F callable, std::source_location where = std::source_location::current()) {
  using R = std::invoke_result_t<F>;
  using T = std::conditional_t<std::is_void_v<R>, unit, std::decay_t<R>>;
  return detail::filled<T>(
      [call = std::move(callable)](const sender<T> &out) mutable {
        if constexpr (std::is_void_v<R>)
          std::move(call)();
        else
          out.send(std::move(call)());
      },
      where, 1);
}

} // namespace heddle
