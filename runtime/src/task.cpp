// The end of a task, and who learns of it.
#include "heddle/task.h"

#include "heddle/detail/fatal.h"

namespace heddle {
namespace detail {

void task_state::run() noexcept {
  std::exception_ptr failure;
  try {
    call_once();
  } catch (...) {
    failure = std::current_exception();
  }
  // Only now, outside the handler: the joiner is to be the last owner of the exception.
  waiter *joiners = nullptr;
  {
    internal_lock lock(mutex_);
    if (failure && dropped_)
      fatal_exception(failure);
    failure_ = std::move(failure);
    finished_ = true;
    joiners = joiners_.take_all();
  }
  wake_all(joiners);
}

void task_state::join() {
  ticket mine;
  waiter place;
  place.owner = &mine;
  bool finished = false;
  {
    internal_lock lock(mutex_);
    finished = finished_;
    if (!finished)
      joiners_.push_back(place);
  }
  if (!finished)
    mine.wait();
  std::exception_ptr failure;
  {
    internal_lock lock(mutex_);
    failure = std::exchange(failure_, nullptr);
  }
  if (failure)
    std::rethrow_exception(std::move(failure));
}

void task_state::drop() noexcept {
  internal_lock lock(mutex_);
  if (failure_)
    fatal_exception(failure_);
  dropped_ = true;
}

} // namespace detail

void task::join() {
  if (!state_)
    throw task_error("heddle: join of a task that is not joinable");
  const std::shared_ptr<detail::task_state> joined = std::move(state_);
  joined->join();
}

} // namespace heddle
