// The timer thread and its queue.
#include "timer_queue.h"

#include "census.h"
#include "thread_parker.h"

#include <algorithm>

namespace heddle::detail {

timer_queue &timer_queue::instance() {
  // Never destroyed: tasks may still use it while static destructors run.
  static timer_queue &queue = *new timer_queue;
  return queue;
}

timer_queue::key timer_queue::schedule(time_point when, action what) {
  internal_lock lock(mutex_);
  thread_.start([] { instance().run(); });
  if (pending_.empty() && !firing_)
    census::wake_up();
  const key timer{when, count_++};
  pending_.emplace(timer.second, std::move(what));
  heap_.push_back(timer);
  std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  if (heap_.front() == timer) {
    changed_.fetch_add(1);
    futex_wake(changed_);
  }
  return timer;
}

void timer_queue::end() noexcept {
  bool in_callback = false;
  {
    internal_lock lock(mutex_);
    thread_.ask_to_stop();
    in_callback = firing_;
    changed_.fetch_add(1);
  }
  futex_wake(changed_);
  thread_.finish(in_callback);
}

void timer_queue::cancel(key timer) {
  // The callback is destroyed without the lock: what it owns may come back here.
  action dropped;
  bool last = false;
  {
    internal_lock lock(mutex_);
    const auto found = pending_.find(timer.second);
    if (found == pending_.end())
      return;
    dropped = std::move(found->second);
    pending_.erase(found);
    drop_done();
    last = pending_.empty() && !firing_;
  }
  if (last)
    census::fall_asleep();
}

// What is canceled leaves the heap when it gets to the front, or when it is most of the heap.
void timer_queue::drop_done() {
  const auto done = [this](const key &one)
                        HEDDLE_REQUIRES(mutex_) { return !pending_.contains(one.second); };
  if (heap_.size() > 2 * pending_.size() + 64) {
    std::erase_if(heap_, done);
    std::make_heap(heap_.begin(), heap_.end(), std::greater<>());
  }
  while (!heap_.empty() && done(heap_.front())) {
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
  }
}

// Rings alarms at once, under the lock, so that cancel() is certain; returns a callback to be
// called without it, or none.
std::function<void()> timer_queue::take_due() {
  const time_point now = std::chrono::steady_clock::now();
  while (!heap_.empty() && heap_.front().first <= now) {
    action due = std::move(pending_.extract(heap_.front().second).mapped());
    drop_done();
    if (!due.bell)
      return std::move(due.callback);
    if (due.bell->owner.claim()) {
      due.bell->rang = true;
      due.bell->owner.wake();
    }
  }
  return nullptr;
}

void timer_queue::run() {
  thread_parker::do_not_count_this_thread();
  for (;;) {
    std::function<void()> due;
    time_point next = time_point::max();
    std::uint32_t seen = 0;
    bool idle = false;
    {
      internal_lock lock(mutex_);
      if (thread_.stopping())
        return;
      const bool was_awake = firing_ || !pending_.empty();
      due = take_due();
      firing_ = due != nullptr;
      if (!heap_.empty())
        next = heap_.front().first;
      idle = was_awake && !firing_ && pending_.empty();
      seen = changed_.load();
    }
    if (due) {
      due();
      continue;
    }
    if (idle)
      census::fall_asleep();
    futex_wait(changed_, seen, next);
  }
}

} // namespace heddle::detail
