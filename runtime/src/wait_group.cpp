// wait_group on top of a queue of waiters.
#include "heddle/wait_group.h"

#include "heddle/detail/fatal.h"

namespace heddle {

void wait_group::add(int n) {
  detail::waiter *released = nullptr;
  {
    detail::internal_lock lock(mutex_);
    count_ += n;
    if (count_ < 0)
      detail::fatal("negative wait_group counter");
    if (count_ == 0)
      released = waiters_.take_all();
  }
  detail::wake_all(released);
}

void wait_group::wait(std::source_location where) {
  detail::queue_ticket mine("a wait_group", where);
  {
    detail::internal_lock lock(mutex_);
    if (count_ == 0)
      return;
    waiters_.push_back(mine.place);
  }
  mine.wait();
}

} // namespace heddle
