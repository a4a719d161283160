// Tasks: go() starts one, the handle joins it.
#ifndef HEDDLE_TASK_H
#define HEDDLE_TASK_H

#include "heddle/detail/task_state.h"
#include "heddle/errors.h"

#include <concepts>
#include <memory>
#include <utility>

namespace heddle {

/// The right to join one task; move-only. Dropping it lets the task run on alone, as in Go: then
/// someone else must know when it ends (a wait_group, a closed channel). Not thread-safe: one task
/// uses a handle at a time.
/// Errors: an exception that escapes a task is never lost. join() rethrows it; if the handle is
/// dropped, before or after, the program ends with "heddle: unhandled exception in a task: ...".
class task {
public:
  /// An empty handle.
  task() noexcept = default;
  task(task &&other) noexcept = default;
  task &operator=(task &&other) noexcept {
    // A move assignment drops the task that was held, as the destructor does.
    task dropped(std::move(*this));
    state_ = std::move(other.state_);
    return *this;
  }
  ~task() {
    if (state_)
      state_->drop();
  }

  /// Waits for the end of the task and empties the handle; rethrows what escaped the task. All
  /// that the task did, the destruction of its callable included, happens before this returns.
  /// Errors: task_error if the handle is empty.
  void join();

  /// Whether there is a task to join.
  [[nodiscard]] bool joinable() const noexcept { return state_ != nullptr; }

private:
  explicit task(std::shared_ptr<detail::task_state> state) noexcept : state_(std::move(state)) {}

  template <typename F, typename... Args>
    requires std::invocable<F, Args...>
  friend task go(F callable, Args... args);

  std::shared_ptr<detail::task_state> state_;
};

/// Starts a task that calls callable(args...). Both are moved into the task and destroyed when it
/// ends; pass std::ref for a reference, which must outlive the task. The call of go happens before
/// the task's start. The result of the callable is ignored: send it on a channel.
/// Errors: std::system_error when the system cannot start it.
template <typename F, typename... Args>
  requires std::invocable<F, Args...>
task go(F callable, Args... args) {
  auto state =
      std::make_shared<detail::task_body<F, Args...>>(std::move(callable), std::move(args)...);
  detail::spawn(state);
  return task(std::move(state));
}

} // namespace heddle

#endif
