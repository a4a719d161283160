// cond on top of a queue of waiters.
#include "heddle/cond.h"

namespace heddle {

bool cond::wait_unless_done(const context *ctx, mutex &held, std::source_location where) {
  if (ctx && ctx->err())
    return false;
  detail::queue_ticket mine("a condition", where);
  {
    // Queued before the mutex is free: who changes the state after that finds this task.
    detail::internal_lock lock(mutex_);
    waiters_.push_back(mine.place);
  }
  held.unlock();
  bool notified = true;
  if (!ctx) {
    mine.wait();
  } else if (!detail::wait_unless_done(mine, *ctx)) {
    notified = false;
    detail::internal_lock lock(mutex_);
    waiters_.remove(mine.place);
  }
  held.lock(where);
  return notified;
}

void cond::notify_one() { notify(&detail::wait_list::take); }
void cond::notify_all() { notify(&detail::wait_list::take_all); }

void cond::notify(detail::waiter *(detail::wait_list::*whom)() noexcept) {
  detail::waiter *woken = nullptr;
  {
    detail::internal_lock lock(mutex_);
    woken = (waiters_.*whom)();
  }
  detail::wake_all(woken);
}

} // namespace heddle
