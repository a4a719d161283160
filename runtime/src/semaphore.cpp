// semaphore on top of a queue of waiters; a permit is handed to the task that is woken.
#include "heddle/semaphore.h"

#include "heddle/detail/fatal.h"

namespace heddle {

bool semaphore::take_or_queue(detail::waiter *place) {
  detail::internal_lock lock(mutex_);
  if (free_ > 0) {
    --free_;
    return true;
  }
  if (place)
    waiters_.push_back(*place);
  return false;
}

void semaphore::acquire(std::source_location where) {
  detail::queue_ticket mine("a semaphore", where);
  if (!take_or_queue(&mine.place))
    mine.wait();
}

bool semaphore::acquire(const context &ctx, std::source_location where) {
  if (ctx.err())
    return false;
  detail::queue_ticket mine("a semaphore", where);
  if (take_or_queue(&mine.place) || detail::wait_unless_done(mine, ctx))
    return true;
  detail::internal_lock lock(mutex_);
  waiters_.remove(mine.place);
  return false;
}

bool semaphore::try_acquire() { return take_or_queue(nullptr); }

void semaphore::release() {
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(mutex_);
    next = waiters_.take();
    if (!next && free_++ == permits_)
      detail::fatal("release of a semaphore that is not held");
  }
  detail::wake_all(next);
}

} // namespace heddle
