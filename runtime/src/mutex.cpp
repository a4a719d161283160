// heddle::mutex on top of a queue of waiters.
#include "heddle/mutex.h"

#include "heddle/detail/fatal.h"

namespace heddle {

void mutex::lock() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  // Not analysed: what it acquires is a flag, not a lock that the analysis knows.
  bool woken = false;
  for (;;) {
    detail::ticket mine;
    detail::waiter place;
    place.owner = &mine;
    {
      detail::internal_lock lock(state_mutex_);
      if (!locked_) {
        locked_ = true;
        return;
      }
      // Who was woken and lost the mutex to a running task keeps its turn.
      if (woken)
        waiters_.push_front(place);
      else
        waiters_.push_back(place);
    }
    mine.wait();
    woken = true;
  }
}

bool mutex::try_lock() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::internal_lock lock(state_mutex_);
  if (locked_)
    return false;
  locked_ = true;
  return true;
}

void mutex::unlock() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(state_mutex_);
    if (!locked_)
      detail::fatal("unlock of unlocked mutex");
    locked_ = false;
    next = waiters_.take();
  }
  if (next)
    next->owner->wake();
}

} // namespace heddle
