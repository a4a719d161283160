// What a task and its handle share: whether it ended, how, and who waits for that.
#pragma once

#include "heddle/detail/scheduler.h"

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <source_location>
#include <tuple>
#include <utility>

namespace heddle::detail {

class ticket;

/// The state of one task. It belongs to the task and its handle together: whichever lets go of it
/// last deletes it. The handle lets go by join() or drop(): one of them, once.
class task_state : public job {
public:
  using job::job;

  /// The task itself: calls, keeps what escapes, and releases the joiner. Called by the scheduler.
  void run() noexcept final;

  /// Waits for the end; rethrows what escaped the task.
  void join(std::source_location where);

  /// Nobody will join. Ends the program if an exception has escaped, now or later.
  void drop() noexcept;

protected:
  /// Calls the callable and destroys it, whether or not it throws.
  virtual void call_once() = 0;

private:
  // What has become of the two: 0 while both go on, one of these, or the ticket of the joiner,
  // whose address is none of them.
  static constexpr std::uintptr_t finished = 1;
  static constexpr std::uintptr_t dropped = 2;

  std::exception_ptr failure_; ///< the task's until it has finished, then the handle's
  std::atomic<std::uintptr_t> outcome_ = 0;
};

/// A task_state with its callable and arguments; all are invoked as rvalues. Only the task touches
/// them, and they are gone before it counts as finished.
template <typename F, typename... Args> class task_body final : public task_state {
public:
  explicit task_body(task_origin origin, F &&callable, Args &&...args)
      : task_state(origin), call_(std::in_place, std::move(callable), std::move(args)...) {}

private:
  void call_once() override {
    std::tuple<F, Args...> call = std::move(*call_);
    call_.reset();
    std::apply(
        [](F &&callable, Args &&...args) { std::invoke(std::move(callable), std::move(args)...); },
        std::move(call));
  }

  std::optional<std::tuple<F, Args...>> call_;
};

} // namespace heddle::detail
