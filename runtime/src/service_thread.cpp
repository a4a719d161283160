// When the runtime's own threads start and end.
#include "service_thread.h"

#include "census.h"
#include "heddle/leak_check.h"
#include "monitor.h"
#include "timer_queue.h"

#include <cstdio>
#include <cstdlib>
#include <unistd.h>
#include <utility>

namespace heddle::detail {
namespace {

/// Made before, and so destroyed after, all objects of ordinary priority.
struct end_of_program {
  ~end_of_program() {
    if (std::getenv("HEDDLE_LEAK_CHECK"))
      for (const std::string &task : leak_check())
        std::fprintf(stderr, "heddle: alive at the end: %s\n", task.c_str());
    timer_queue::instance().end();
    monitor::instance().end();
  }
};
__attribute__((init_priority(101))) end_of_program at_exit;

} // namespace

void service_thread::start(void (*body)()) {
  if (started_.load(std::memory_order_acquire))
    return;
  internal_lock lock(mutex_);
  if (started_.load(std::memory_order_relaxed) || stopping())
    return;
  thread_ = std::thread(body);
  process_ = getpid();
  census::add_own_threads(1);
  started_.store(true, std::memory_order_release);
}

void service_thread::ask_to_stop() noexcept {
  stopping_.store(1);
  futex_wake(stopping_);
}

void service_thread::finish(bool in_user_code) noexcept {
  std::thread ending;
  {
    internal_lock lock(mutex_);
    if (!thread_.joinable())
      return;
    ending = std::move(thread_);
    in_user_code |= process_ != getpid();
  }
  if (in_user_code) {
    ending.detach();
    return;
  }
  ending.join();
  census::add_own_threads(-1);
}

} // namespace heddle::detail
