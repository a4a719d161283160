// Tasks: go() starts one, the handle joins it.
#pragma once

#include "heddle/detail/task_state.h"
#include "heddle/errors.h"

#include <concepts>
#include <memory>
#include <source_location>
#include <utility>

namespace heddle {

namespace detail {
struct task_starter;
} // namespace detail

/// The right to join one task; move-only. Dropping it lets the task run on alone, as in Go: then
/// someone else must know when it ends (a wait_group, a closed channel). Not thread-safe: one task
/// uses a handle at a time.
/// Errors: an exception that escapes a task is never lost. join() rethrows it; if the handle is
/// dropped, before or after, the program ends with "heddle: unhandled exception in a task: ..." and
/// which task it was.
class task {
public:
  /// An empty handle.
  task() noexcept = default;
  task(task &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  task &operator=(task &&other) noexcept {
    // A move assignment drops the task that was held, as the destructor does.
    task dropped(std::move(*this));
    state_ = std::exchange(other.state_, nullptr);
    return *this;
  }
  ~task() {
    if (state_)
      state_->drop();
  }

  /// Waits for the end of the task and empties the handle; rethrows what escaped the task. All
  /// that the task did, the destruction of its callable included, happens before this returns.
  /// Errors: task_error if the handle is empty.
  void join(std::source_location where = std::source_location::current());

  /// Whether there is a task to join.
  [[nodiscard]] bool joinable() const noexcept { return state_ != nullptr; }

private:
  friend struct detail::task_starter;
  explicit task(detail::task_state *state) noexcept : state_(state) {}

  detail::task_state *state_ = nullptr;
};

/// A name for a task, for reports; it notes where it stands, too. `text` must be a literal.
struct task_name {
  task_name(const char *text, std::source_location where = std::source_location::current()) noexcept
      : origin{text, where} {}

  detail::task_origin origin;
};

namespace detail {

struct task_starter {
  template <typename F, typename... Args>
  static task start(task_origin origin, F callable, Args... args) {
    auto state =
        std::make_unique<task_body<F, Args...>>(origin, std::move(callable), std::move(args)...);
    spawn(*state);
    return task(state.release());
  }
};

} // namespace detail

/// Starts a task that calls callable(args...). Both are moved into the task and destroyed when it
/// ends; pass std::ref for a reference, which must outlive the task. The call of go happens before
/// the task's start. The result of the callable is ignored: send it on a channel.
/// The overloads are one function: C++ has no other way to let a pack be followed by the place of
/// the call, which reports tell. With more than three arguments they tell it only of go_named.
/// Errors: std::system_error when the system cannot start it.
template <std::invocable F>
task go(F callable, std::source_location where = std::source_location::current()) {
  return detail::task_starter::start({nullptr, where}, std::move(callable));
}
template <typename F, typename A>
  requires std::invocable<F, A>
task go(F callable, A first, std::source_location where = std::source_location::current()) {
  return detail::task_starter::start({nullptr, where}, std::move(callable), std::move(first));
}
template <typename F, typename A, typename B>
  requires std::invocable<F, A, B>
task go(F callable, A first, B second,
        std::source_location where = std::source_location::current()) {
  return detail::task_starter::start({nullptr, where}, std::move(callable), std::move(first),
                                     std::move(second));
}
template <typename F, typename A, typename B, typename C>
  requires std::invocable<F, A, B, C>
task go(F callable, A first, B second, C third,
        std::source_location where = std::source_location::current()) {
  return detail::task_starter::start({nullptr, where}, std::move(callable), std::move(first),
                                     std::move(second), std::move(third));
}
template <typename F, typename A, typename B, typename C, typename D, typename... Args>
  requires std::invocable<F, A, B, C, D, Args...>
task go(F callable, A first, B second, C third, D fourth, Args... args) {
  return detail::task_starter::start({}, std::move(callable), std::move(first), std::move(second),
                                     std::move(third), std::move(fourth), std::move(args)...);
}

/// As go, and gives the task a name for reports: go_named("reader", read, input).
template <typename F, typename... Args>
  requires std::invocable<F, Args...>
task go_named(task_name name, F callable, Args... args) {
  return detail::task_starter::start(name.origin, std::move(callable), std::move(args)...);
}

} // namespace heddle
