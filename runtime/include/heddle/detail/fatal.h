// The end of the program on misuse that cannot be thrown. Internal.
#pragma once

#include <exception>

namespace heddle::detail {

struct task_origin;

/// Writes "heddle: <sentence>" as one line on stderr and aborts. Thread-safe.
[[noreturn]] void fatal(const char *sentence) noexcept;

/// fatal() with "unhandled exception in a task: <what>", and which task it was. REQUIRES: the
/// pointer is not null.
[[noreturn]] void fatal_exception(const std::exception_ptr &escaped,
                                  const task_origin &from) noexcept;

} // namespace heddle::detail
