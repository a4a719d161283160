// How tasks share the processors: max_procs, yield, and calls that block the thread.
#ifndef HEDDLE_SCHEDULING_H
#define HEDDLE_SCHEDULING_H

#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

namespace heddle {

/// How many tasks may run at the same time: at first the number of processors, or what the
/// environment's HEDDLE_MAX_PROCS says. Tasks that block their thread do not count. Thread-safe.
[[nodiscard]] std::size_t max_procs() noexcept;

/// Changes it; takes effect when running tasks next wait. REQUIRES: count > 0.
void set_max_procs(std::size_t count);

/// Lets other tasks that are ready run first. In a thread that runs no task: std::this_thread's.
void yield();

namespace detail {

/// While it lives the task is known to block its thread.
class blocking_scope {
public:
  blocking_scope() noexcept;
  ~blocking_scope();
  blocking_scope(const blocking_scope &) = delete;
  blocking_scope &operator=(const blocking_scope &) = delete;
};

} // namespace detail

/// Calls `call` and returns its result; meanwhile another worker takes the place of this one. For
/// calls that block the thread: read(), getaddrinfo(), std::mutex::lock(). Without it other tasks
/// are not stalled either, but the runtime needs some 10 ms to notice.
template <std::invocable F> std::invoke_result_t<F> blocking(F &&call) {
  const detail::blocking_scope scope;
  return std::forward<F>(call)();
}

} // namespace heddle

#endif
