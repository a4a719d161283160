// rw_mutex on top of two queues of waiters. Whoever frees it hands it over: a task that is woken
// holds it already. None of the functions that take or free it can be analysed, since what they
// take is a count and a flag, not a lock that the analysis knows.
#include "heddle/rw_mutex.h"

#include "heddle/detail/fatal.h"

namespace heddle {

bool rw_mutex::write_or_queue(detail::waiter *place) {
  detail::internal_lock lock(state_mutex_);
  if (!written_ && reading_ == 0) {
    written_ = true;
    return true;
  }
  if (place)
    writers_.push_back(*place);
  return false;
}

bool rw_mutex::read_or_queue(detail::waiter *place) {
  detail::internal_lock lock(state_mutex_);
  if (!written_ && !writers_.has_unclaimed()) {
    ++reading_;
    return true;
  }
  if (place)
    readers_.push_back(*place);
  return false;
}

void rw_mutex::lock(std::source_location where) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::queue_ticket mine("an rw_mutex", where);
  if (!write_or_queue(&mine.place))
    mine.wait();
}

bool rw_mutex::try_lock() HEDDLE_NO_THREAD_SAFETY_ANALYSIS { return write_or_queue(nullptr); }

void rw_mutex::unlock() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(state_mutex_);
    if (!written_)
      detail::fatal("unlock of unlocked rw_mutex");
    next = readers_.take_all();
    for (const detail::waiter *reader = next; reader; reader = reader->next)
      ++reading_;
    if (!next)
      next = writers_.take();
    written_ = next && reading_ == 0;
  }
  detail::wake_all(next);
}

void rw_mutex::lock_shared(std::source_location where) HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::queue_ticket mine("an rw_mutex", where);
  if (!read_or_queue(&mine.place))
    mine.wait();
}

bool rw_mutex::try_lock_shared() HEDDLE_NO_THREAD_SAFETY_ANALYSIS { return read_or_queue(nullptr); }

void rw_mutex::unlock_shared() HEDDLE_NO_THREAD_SAFETY_ANALYSIS {
  detail::waiter *next = nullptr;
  {
    detail::internal_lock lock(state_mutex_);
    if (reading_ == 0)
      detail::fatal("unlock_shared of an rw_mutex that nobody reads");
    if (--reading_ == 0 && (next = writers_.take()))
      written_ = true;
  }
  detail::wake_all(next);
}

} // namespace heddle
