// The timer task and its queue.
#include "timer_queue.h"

#include <memory>

namespace heddle::detail {

class timer_queue::loop final : public job {
public:
  explicit loop(timer_queue &queue) : queue_(queue) {}
  void run() noexcept override { queue_.run(); }

private:
  timer_queue &queue_;
};

timer_queue &timer_queue::instance() {
  // Never destroyed: the timer task outlives main.
  static timer_queue &queue = *new timer_queue;
  return queue;
}

timer_queue::key timer_queue::schedule(time_point when, std::function<void()> callback) {
  ticket *woken = nullptr;
  key timer;
  {
    internal_lock lock(mutex_);
    if (!started_) {
      spawn(std::make_shared<loop>(*this));
      started_ = true;
    }
    timer = {when, count_++};
    timers_.emplace(timer, std::move(callback));
    const bool earliest = timers_.begin()->first == timer;
    if (earliest && sleeping_ && sleeping_->claim())
      woken = std::exchange(sleeping_, nullptr);
  }
  if (woken)
    woken->wake();
  return timer;
}

void timer_queue::cancel(key timer) {
  // The callback is destroyed without the lock: what it owns may come back here.
  std::function<void()> dropped;
  internal_lock lock(mutex_);
  if (const auto found = timers_.find(timer); found != timers_.end()) {
    dropped = std::move(found->second);
    timers_.erase(found);
  }
}

std::function<void()> timer_queue::take_due() {
  const auto first = timers_.begin();
  if (first == timers_.end() || first->first.first > std::chrono::steady_clock::now())
    return nullptr;
  std::function<void()> callback = std::move(first->second);
  timers_.erase(first);
  return callback;
}

void timer_queue::run() {
  for (;;) {
    std::function<void()> due;
    std::optional<time_point> next;
    ticket mine;
    {
      internal_lock lock(mutex_);
      due = take_due();
      if (!due) {
        sleeping_ = &mine;
        if (!timers_.empty())
          next = timers_.begin()->first.first;
      }
    }
    if (due) {
      due();
      continue;
    }
    if (next)
      mine.wait_until(*next);
    else
      mine.wait();
    internal_lock lock(mutex_);
    sleeping_ = nullptr;
  }
}

} // namespace heddle::detail
