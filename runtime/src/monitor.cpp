// What the monitor looks at, and when.
#include "monitor.h"

#include "census.h"
#include "workers.h"

#include <algorithm>
#include <ctime>

namespace heddle::detail {
namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;

constexpr nanoseconds shortest_pause = 100us;
constexpr nanoseconds longest_pause = 2ms;
constexpr nanoseconds pause_with_strangers = 20ms;
constexpr nanoseconds blocked_for_long = 10ms;
constexpr nanoseconds computing_for_long = 100ms;
constexpr int quiet_looks_before_sleep = 16;

nanoseconds processor_time(clockid_t clock) {
  timespec used{};
  if (clock_gettime(clock, &used) != 0)
    return {};
  return std::chrono::seconds(used.tv_sec) + nanoseconds(used.tv_nsec);
}

} // namespace

monitor &monitor::instance() {
  static monitor &one = *new monitor;
  return one;
}

void monitor::end() noexcept {
  thread_.ask_to_stop();
  wake_up();
  thread_.finish(false);
}

void monitor::wake_up() noexcept {
  if (asleep_.exchange(0) != 0)
    futex_wake(asleep_);
}

void monitor::sleep() noexcept {
  asleep_.store(1);
  // Who becomes active after this look sees that the monitor sleeps.
  while (asleep_.load() == 1 && !workers::instance().any_active() && !thread_.stopping()) {
    const bool look_again = census::suspicious();
    futex_wait(asleep_, 1,
               look_again ? std::chrono::steady_clock::now() + pause_with_strangers
                          : time_point::max());
    if (look_again)
      census::look();
  }
  asleep_.store(0);
}

void monitor::run() {
  const unobserved all;
  nanoseconds pause = shortest_pause;
  int quiet_looks = 0;
  while (!thread_.stopping()) {
    thread_.pause_until(std::chrono::steady_clock::now() + pause);
    const bool eventful = look_at_all();
    pause = eventful ? shortest_pause : std::min(2 * pause, longest_pause);
    quiet_looks = workers::instance().any_active() ? 0 : quiet_looks + 1;
    // Not at once, for programs that pause for moments between bursts.
    if (quiet_looks > quiet_looks_before_sleep) {
      sleep();
      pause = shortest_pause;
      quiet_looks = 0;
    }
  }
}

bool monitor::look_at_all() {
  workers &all = workers::instance();
  last_.resize(all.count());
  bool help_needed = false;
  for (std::size_t i = 0; i < last_.size(); ++i)
    help_needed |= look_at(all.at(i), last_[i]);
  return help_needed && all.wake_one();
}

bool monitor::look_at(worker &observed, observation &last) {
  const std::uint64_t before = last.seen.turns;
  const bool lags = observed.lags(last.seen);
  const nanoseconds clock = processor_time(observed.processor_time_.load());
  if (!observed.running() || last.seen.turns != before) {
    last.used = clock;
    return lags;
  }
  const nanoseconds length = std::chrono::steady_clock::now() - last.seen.when;
  const nanoseconds used = clock - last.used;
  if (length > computing_for_long || (length > blocked_for_long && 2 * used < length))
    workers::instance().mark_stuck(observed, before);
  return lags;
}

} // namespace heddle::detail
