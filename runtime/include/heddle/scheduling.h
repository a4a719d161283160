// How tasks share the processors: max_procs, yield, and calls that block the thread.
#pragma once

#include "heddle/defer.h"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

namespace heddle {

/// How many tasks may run at the same time: at first the number of processors, or what the
/// environment's HEDDLE_MAX_PROCS says. Tasks that block their thread do not count. Thread-safe.
[[nodiscard]] std::size_t max_procs() noexcept;

/// Changes it; takes effect when running tasks next wait. Thread-safe. Errors:
/// std::invalid_argument if it is 0.
void set_max_procs(std::size_t count);

/// Lets other tasks that are ready run first. In a thread that runs no task: std::this_thread's.
void yield();

/// Starts the random choices of select anew, from this seed: for tests that are to run again just
/// so. Each thread has a sequence of its own, so this says all only where the order of tasks does
/// not depend on chance: in one thread, or with max_procs of 1 and no timers. At first the seed is
/// what the environment's HEDDLE_SEED says, or 0. Thread-safe.
void seed_choices(std::uint64_t seed) noexcept;

namespace detail {

// In between the task is known to block its thread.
void begin_blocking() noexcept;
void end_blocking() noexcept;

} // namespace detail

/// Calls `call` and returns its result; meanwhile another worker takes the place of this one. For
/// calls that block the thread: read(), getaddrinfo(), std::mutex::lock(). Without it other tasks
/// are not stalled either, but the runtime needs some 10 ms to notice.
template <std::invocable F> std::invoke_result_t<F> blocking(F &&call) {
  detail::begin_blocking();
  defer d(detail::end_blocking);
  return std::forward<F>(call)();
}

} // namespace heddle
