// Which tasks are alive: for tests, and for a program that has stopped.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace heddle {

/// What the program exits with when all its tasks are asleep and no timer or thread can wake one.
/// Before that it writes "heddle: all tasks are asleep" and a line for each to stderr.
inline constexpr int deadlock_exit_code = 70;

/// One line for each task that has not ended: its name, where it was started and what it waits
/// for. Since a task whose last effect was just seen needs a moment more to end, it waits up to
/// `patience` for there to be none. For the end of a test:
///
///   CHECK(heddle::leak_check().empty());
///
/// What a task did that has ended happens before the return. Called from a task, it leaves out
/// that one. With HEDDLE_LEAK_CHECK in the environment every program writes such lines to stderr
/// when it ends. Thread-safe.
[[nodiscard]] std::vector<std::string>
leak_check(std::chrono::milliseconds patience = std::chrono::milliseconds(500));

} // namespace heddle
