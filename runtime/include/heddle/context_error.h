// Why a context is done, as std::error_code.
#pragma once

#include <system_error>

namespace heddle {

/// Compare with these: if (ctx.err() == heddle::context_errc::deadline_exceeded) ...
enum class context_errc {
  canceled = 1,      ///< its cancel function, or an ancestor's, was called
  deadline_exceeded, ///< its deadline, or an ancestor's, has passed
};

/// The category "heddle.context". Lives until the process ends. Thread-safe.
[[nodiscard]] const std::error_category &context_category() noexcept;

[[nodiscard]] inline std::error_code make_error_code(context_errc reason) noexcept {
  return {static_cast<int>(reason), context_category()};
}

} // namespace heddle

template <> struct std::is_error_code_enum<heddle::context_errc> : std::true_type {};
