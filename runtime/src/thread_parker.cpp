// Parking threads, and knowing them.
#include "thread_parker.h"

#include "census.h"
#include "futex.h"
#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"

#include <sys/types.h>
#include <unistd.h>

namespace heddle::detail {
namespace {

constinit thread_local thread_parker *mine = nullptr;
constinit thread_local bool counts = true;

} // namespace

struct thread_parker::registry {
  internal_mutex mutex;
  thread_parker *first HEDDLE_GUARDED_BY(mutex) = nullptr;
  std::atomic<std::size_t> counted = 0;

  static registry &instance() {
    static registry &one = *new registry;
    return one;
  }

  thread_parker *reuse_or_make() {
    internal_lock lock(mutex);
    for (thread_parker *one = first; one; one = one->next_) {
      if (!one->owned_ && one->counted_ == counts) {
        one->owned_ = true;
        return one;
      }
    }
    auto *made = new thread_parker(counts);
    made->next_ = first;
    first = made;
    return made;
  }
};

// At the end of its thread. Main's stays: while static destructors run, main is still there.
struct thread_parker::owner {
  ~owner() {
    if (!mine || mine->is_main_)
      return;
    registry &all = registry::instance();
    {
      internal_lock lock(all.mutex);
      mine->owned_ = false;
    }
    if (mine->counted_) {
      all.counted.fetch_sub(1);
      census::fall_asleep();
    }
    mine = nullptr;
    // A thread_local object's destructor may come later: to the census it is a stranger.
    counts = false;
  }
};

thread_parker &thread_parker::of_this_thread() {
  if (!mine) {
    registry &all = registry::instance();
    mine = all.reuse_or_make();
    mine->is_main_ = getpid() == gettid();
    if (counts) {
      all.counted.fetch_add(1);
      census::wake_up();
    }
    static thread_local owner at_the_end;
  }
  return *mine;
}

void thread_parker::do_not_count_this_thread() noexcept { counts = false; }

void thread_parker::sleep() noexcept {
  std::uint32_t seen = awake;
  if (state_.compare_exchange_strong(seen, parked, std::memory_order_acq_rel)) {
    if (counted_)
      census::fall_asleep();
    while (state_.load(std::memory_order_acquire) == parked)
      futex_wait(state_, parked);
  }
  state_.store(awake, std::memory_order_relaxed);
}

void thread_parker::wake() noexcept {
  std::uint32_t seen = awake;
  if (state_.compare_exchange_strong(seen, permit, std::memory_order_acq_rel))
    return;
  // Before it can wake, and maybe sleep again.
  if (counted_)
    census::wake_up();
  state_.store(permit, std::memory_order_release);
  futex_wake(state_);
}

std::size_t thread_parker::count() noexcept { return registry::instance().counted.load(); }

const thread_parker *thread_parker::first() noexcept {
  registry &all = registry::instance();
  internal_lock lock(all.mutex);
  return all.first;
}

} // namespace heddle::detail
