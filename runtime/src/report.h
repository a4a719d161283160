// Saying which tasks there are and where they wait.
#pragma once

#include "heddle/detail/scheduler.h"

#include <string>

namespace heddle::detail {

/// The task's name, if it has one, and its start.
std::string describe(const task_origin &task);

/// Writes that all tasks are asleep, and each one's name, start and waiting point, to stderr, and
/// exits with deadlock_exit_code. REQUIRES: it is so.
[[noreturn]] void end_with_deadlock_report() noexcept;

} // namespace heddle::detail
