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

void cond::notify_one() {
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(mutex_);
    next = waiters_.take();
  }
  detail::wake_all(next);
}

void cond::notify_all() {
  detail::waiter *all = nullptr;
  {
    detail::internal_lock lock(mutex_);
    all = waiters_.take_all();
  }
  detail::wake_all(all);
}

} // namespace heddle
