// The slow paths of heddle::mutex.
#include "heddle/mutex.h"

#include "futex.h"
#include "heddle/detail/fatal.h"

namespace heddle {

void mutex::lock_contended(std::source_location where) {
  for (bool woken = false;; woken = true) {
    // The holder may be about to unlock on another worker, which is cheaper than to sleep.
    for (int round = 0; round < 24; ++round) {
      if (!(state_.load(std::memory_order_relaxed) & locked) &&
          !(state_.fetch_or(locked, std::memory_order_acquire) & locked))
        return;
      detail::spin_pause();
    }
    detail::queue_ticket mine("a mutex", where);
    {
      detail::internal_lock lock(queue_mutex_);
      // One step, as seen by unlock_contended().
      if (!(state_.fetch_or(locked | waited_for, std::memory_order_acquire) & locked)) {
        if (waiters_.empty())
          state_.fetch_and(~waited_for, std::memory_order_relaxed);
        return;
      }
      // Who was woken and lost the mutex to a running task keeps its turn.
      if (woken)
        waiters_.push_front(mine.place);
      else
        waiters_.push_back(mine.place);
    }
    mine.wait();
  }
}

void mutex::unlock_contended(std::uint32_t seen) {
  if (!(seen & locked))
    detail::fatal("unlock of unlocked mutex");
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(queue_mutex_);
    next = waiters_.take();
    if (waiters_.empty())
      state_.fetch_and(~waited_for, std::memory_order_relaxed);
  }
  // Last, since the next holder may destroy this object.
  state_.fetch_and(~locked, std::memory_order_release);
  if (next)
    next->owner->wake();
}

} // namespace heddle
