// What timers and tickers do when the queue of timers calls.
#include "heddle/timer.h"

#include "heddle/annotations.h"
#include "heddle/channel.h"
#include "heddle/detail/internal_mutex.h"
#include "timer_queue.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>

namespace heddle::detail {

/// Invariant: at most one entry in the queue of timers is this timer's, that of generation_; calls
/// of others come too late. The queue owns the state too while the timer runs.
class timer_state : public std::enable_shared_from_this<timer_state> {
public:
  void start(time_point first, std::chrono::nanoseconds period) {
    internal_lock lock(mutex_);
    cancel();
    schedule(first, period);
  }

  bool stop() {
    internal_lock lock(mutex_);
    return cancel();
  }

  const channel<time_point> out = make_channel<time_point>(1);

private:
  void schedule(time_point when, std::chrono::nanoseconds period) HEDDLE_REQUIRES(mutex_) {
    pending_ = timer_queue::instance().schedule(
        when, std::function<void()>([self = shared_from_this(), when, period, mine = generation_] {
          self->fire(when, period, mine);
        }));
  }

  bool cancel() HEDDLE_REQUIRES(mutex_) {
    ++generation_;
    const bool running = pending_.has_value();
    if (running)
      timer_queue::instance().cancel(*pending_);
    pending_.reset();
    return out.try_receive().has_value() || running;
  }

  void fire(time_point when, std::chrono::nanoseconds period, std::uint64_t generation) {
    internal_lock lock(mutex_);
    if (generation != generation_)
      return;
    pending_.reset();
    const time_point now = std::chrono::steady_clock::now();
    // A tick that nobody has received yet stands for this one too.
    (void)out.try_send(now);
    if (period == std::chrono::nanoseconds::zero())
      return;
    // On the beat, without those that are past.
    schedule(when + period * ((now - when) / period + 1), period);
  }

  internal_mutex mutex_;
  std::optional<timer_queue::key> pending_ HEDDLE_GUARDED_BY(mutex_);
  std::uint64_t generation_ HEDDLE_GUARDED_BY(mutex_) = 0;
};

timer_handle::timer_handle() : state_(std::make_shared<timer_state>()) {}

void timer_handle::start(std::chrono::nanoseconds delay, std::chrono::nanoseconds period) {
  state_->start(time_after(delay), period);
}

void timer_handle::start_ticking(std::chrono::nanoseconds period) {
  if (period <= std::chrono::nanoseconds::zero())
    throw std::invalid_argument("heddle: a ticker needs a positive period");
  start(period, period);
}

bool timer_handle::stop() { return state_->stop(); }

receiver<time_point> timer_handle::out() const { return state_->out; }

receiver<time_point> fire_after(std::chrono::nanoseconds delay) {
  const auto once = std::make_shared<timer_state>();
  once->start(time_after(delay), std::chrono::nanoseconds::zero());
  return once->out;
}

} // namespace heddle::detail
