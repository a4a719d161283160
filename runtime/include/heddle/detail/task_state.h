// What a task and its handle share: whether it ended, how, and who waits for that.
#ifndef HEDDLE_DETAIL_TASK_STATE_H
#define HEDDLE_DETAIL_TASK_STATE_H

#include "heddle/detail/internal_mutex.h"
#include "heddle/detail/scheduler.h"
#include "heddle/detail/waiter.h"

#include <exception>
#include <functional>
#include <optional>
#include <tuple>
#include <utility>

namespace heddle::detail {

/// The state of one task. Owned by the running task and by its handle. Thread-safe. join() and
/// drop() end the handle's interest: one of them is called, once.
class task_state : public job {
public:
  /// The task itself: calls, keeps what escapes, and releases the joiner. Called by the scheduler.
  void run() noexcept final;

  /// Waits for the end; rethrows what escaped the task.
  void join();

  /// Nobody will join. Ends the program if an exception has escaped, now or later.
  void drop() noexcept;

protected:
  /// Calls the callable and destroys it, whether or not it throws.
  virtual void call_once() = 0;

private:
  internal_mutex mutex_;
  wait_list joiners_ HEDDLE_GUARDED_BY(mutex_);
  std::exception_ptr failure_ HEDDLE_GUARDED_BY(mutex_);
  bool finished_ HEDDLE_GUARDED_BY(mutex_) = false;
  bool dropped_ HEDDLE_GUARDED_BY(mutex_) = false;
};

/// A task_state with its callable and arguments; all are invoked as rvalues. Only the task touches
/// them, and they are gone before it counts as finished.
template <typename F, typename... Args> class task_body final : public task_state {
public:
  explicit task_body(F &&callable, Args &&...args)
      : call_(std::in_place, std::move(callable), std::move(args)...) {}

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

#endif
