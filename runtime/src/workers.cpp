// Waking, sleeping and counting workers.
#include "workers.h"

#include "census.h"
#include "monitor.h"

#include <algorithm>
#include <cstdlib>
#include <sched.h>
#include <system_error>
#include <thread>
#include <utility>

namespace heddle::detail {
namespace {

std::size_t default_procs() {
  if (const char *wanted = std::getenv("HEDDLE_MAX_PROCS"))
    if (const long count = std::strtol(wanted, nullptr, 10); count > 0)
      return static_cast<std::size_t>(count);
  return std::max(1U, std::thread::hardware_concurrency());
}

} // namespace

workers::workers() : procs_(default_procs()) {}

workers &workers::instance() {
  static workers &all = *new workers;
  return all;
}

void workers::set_max_procs(std::size_t count) {
  procs_.store(count);
  for_each([](worker &one) { one.attention_.store(true); });
  wake_one();
}

void workers::inject(runnable_list tasks) {
  {
    internal_lock lock(mutex_);
    injected_.append(std::move(tasks));
    injected_count_.store(injected_.size(), std::memory_order_relaxed);
  }
  wake_one();
}

runnable *workers::take_injected(worker &into) {
  if (!has_injected())
    return nullptr;
  internal_lock lock(mutex_);
  // A fair share, and no more than an empty queue can hold.
  const std::size_t share =
      std::min<std::size_t>(injected_.size() / procs_.load() + 1, run_queue::capacity / 2);
  runnable *first = injected_.pop();
  for (std::size_t i = 1; first && i < share; ++i) {
    runnable *task = injected_.pop();
    if (!task)
      break;
    if (!into.queue_.push(*task)) {
      injected_.push(*task);
      break;
    }
  }
  injected_count_.store(injected_.size(), std::memory_order_relaxed);
  return first;
}

bool workers::any_work() noexcept {
  bool any = has_injected();
  for_each([&](const worker &one) { any = any || one.has_spare_work(); });
  return any;
}

void workers::ensure_one() {
  if (threads_.load(std::memory_order_acquire) == 0)
    if (worker *first = claim_one())
      rouse(*first);
}

worker *workers::claim_one() {
  internal_lock lock(mutex_);
  if (!may_be_more_active())
    return nullptr;
  worker *chosen = nullptr;
  if (!idle_.empty()) {
    chosen = idle_.back();
    forget_idle(*chosen);
  } else {
    const std::size_t count = count_.load(std::memory_order_relaxed);
    if (count == max_workers)
      return nullptr;
    chosen = new worker;
    all_[count].store(chosen, std::memory_order_release);
    count_.store(count + 1, std::memory_order_release);
  }
  // Counted as awake by who wakes it, and before others can rely on it: so the count is never zero
  // while something is under way.
  census::wake_up();
  active_.fetch_add(1);
  searching_.fetch_add(1);
  chosen->searching_.store(true, std::memory_order_relaxed);
  return chosen;
}

void workers::rouse(worker &claimed) {
  monitor::instance().wake_up();
  claimed.waker_processor_ = sched_getcpu();
  if (claimed.has_thread_) {
    claimed.woken_.store(1, std::memory_order_release);
    futex_wake(claimed.woken_);
    return;
  }
  // Before it starts: it may sleep, and be claimed by another, before this function goes on.
  claimed.has_thread_ = true;
  threads_.fetch_add(1);
  try {
    std::thread([&claimed] { claimed.run(); }).detach();
  } catch (...) {
    threads_.fetch_sub(1);
    claimed.has_thread_ = false;
    {
      internal_lock lock(mutex_);
      add_idle(claimed);
    }
    census::fall_asleep();
    throw;
  }
  monitor::instance().start();
}

void workers::add_idle(worker &idler) {
  idle_.push_back(&idler);
  idler.idle_ = true;
  if (idler.searching_.exchange(false, std::memory_order_relaxed))
    searching_.fetch_sub(1);
  // The monitor may have taken it for stuck just as it came back.
  if (!idler.stuck_.exchange(false))
    active_.fetch_sub(1);
}

void workers::forget_idle(worker &gone) {
  std::erase(idle_, &gone);
  gone.idle_ = false;
}

bool workers::wake_one() noexcept {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (searching_.load(std::memory_order_relaxed) != 0 || !may_be_more_active())
    return false;
  worker *chosen = claim_one();
  if (!chosen)
    return false;
  try {
    rouse(*chosen);
  } catch (const std::system_error &) {
    // No more threads: those that there are must do, and the monitor tries again.
    return false;
  }
  return true;
}

bool workers::start_search(worker &searcher) noexcept {
  if (searcher.searching_.load(std::memory_order_relaxed))
    return true;
  if (2 * searching_.load() >= procs_.load())
    return false;
  searcher.searching_.store(true, std::memory_order_relaxed);
  searching_.fetch_add(1);
  return true;
}

void workers::end_search(worker &searcher) noexcept {
  if (!searcher.searching_.load(std::memory_order_relaxed))
    return;
  searcher.searching_.store(false, std::memory_order_relaxed);
  if (searching_.fetch_sub(1) == 1 && any_work())
    wake_one();
}

void workers::sleep(worker &idler) {
  {
    internal_lock lock(mutex_);
    add_idle(idler);
  }
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (may_be_more_active() && any_work()) {
    internal_lock lock(mutex_);
    if (idler.idle_ && may_be_more_active()) {
      forget_idle(idler);
      active_.fetch_add(1);
      return;
    }
  }
  census::fall_asleep();
  while (idler.woken_.exchange(0, std::memory_order_acquire) == 0)
    futex_wait(idler.woken_, 0);
}

void workers::mark_stuck(worker &blocked, std::optional<std::uint64_t> turns) noexcept {
  {
    internal_lock lock(mutex_);
    if (turns && (!blocked.running() || blocked.turns_.load() != *turns))
      return;
    if (blocked.stuck_.exchange(true))
      return;
    active_.fetch_sub(1);
    blocked.prompt_.store(false);
    blocked.attention_.store(true);
  }
  if (any_work())
    wake_one();
}

void workers::unmark_stuck(worker &back) noexcept {
  internal_lock lock(mutex_);
  if (!back.stuck_.exchange(false))
    return;
  active_.fetch_add(1);
  if (active_.load() > procs_.load())
    back.attention_.store(true);
}

void workers::retire_if_surplus(worker &self) {
  if (active_.load() <= procs_.load())
    return;
  runnable_list handed_on;
  while (runnable *task = self.queue_.pop())
    handed_on.push(*task);
  if (runnable *task = self.take_next())
    handed_on.push(*task);
  if (handed_on.size() != 0)
    inject(std::move(handed_on));
  sleep(self);
}

std::uint64_t workers::alive_tasks() noexcept {
  // The ends first: so a task that starts and ends meanwhile counts as alive, not as less than
  // none.
  std::uint64_t ended = 0;
  for_each([&](const worker &one) { ended += one.ended(); });
  std::uint64_t spawned = spawned_outside_.load();
  for_each([&](const worker &one) { spawned += one.spawned(); });
  return spawned - ended;
}

} // namespace heddle::detail
