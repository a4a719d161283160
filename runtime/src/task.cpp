// The end of a task, and who learns of it.
#include "heddle/task.h"

#include "heddle/detail/fatal.h"
#include "heddle/detail/waiter.h"

#include <memory>

namespace heddle {
namespace detail {

void task_state::run() noexcept {
  try {
    call_once();
  } catch (...) {
    failure_ = std::current_exception();
  }
  // Only now, outside the handler: the joiner is to be the last owner of the exception.
  const std::uintptr_t before = outcome_.exchange(finished, std::memory_order_acq_rel);
  if (before == 0)
    return;
  if (before != dropped) {
    // The joiner deletes this object as soon as it wakes.
    reinterpret_cast<ticket *>(before)->wake();
    return;
  }
  if (failure_)
    fatal_exception(failure_, origin());
  delete this;
}

void task_state::join(std::source_location where) {
  const std::unique_ptr<task_state> self(this);
  ticket mine("the end of a task", where);
  std::uintptr_t before = 0;
  if (outcome_.compare_exchange_strong(before, reinterpret_cast<std::uintptr_t>(&mine),
                                       std::memory_order_acq_rel))
    mine.wait();
  if (failure_)
    std::rethrow_exception(std::exchange(failure_, nullptr));
}

void task_state::drop() noexcept {
  if (outcome_.exchange(dropped, std::memory_order_acq_rel) == 0)
    return;
  if (failure_)
    fatal_exception(failure_, origin());
  delete this;
}

} // namespace detail

void task::join(std::source_location where) {
  if (!state_)
    throw task_error("heddle: join of a task that is not joinable");
  std::exchange(state_, nullptr)->join(where);
}

} // namespace heddle
