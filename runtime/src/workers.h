// The workers together: who runs, who sleeps, and what waits for any of them.
#pragma once

#include "heddle/annotations.h"
#include "heddle/detail/internal_mutex.h"
#include "run_queue.h"
#include "worker.h"

#include <array>
#include <atomic>
#include <cstddef>
#include <optional>
#include <vector>

namespace heddle::detail {

/// At most max_procs workers are active at a time: those whose task is stuck in a call that blocks
/// the thread do not count, and a spare takes their place. Threads start when they are needed, and
/// none ends. Thread-safe. One per process, never destroyed.
///
/// No work is forgotten: whoever queues some looks afterwards for a worker to wake, and a worker
/// that goes to sleep says so first and looks for work afterwards (with a full fence between), so
/// one of the two sees the other. Only the slot of an active worker, and the queue of a prompt one,
/// are left to it; if it turns out not to serve them soon, the monitor wakes another.
class workers {
public:
  static workers &instance();

  [[nodiscard]] std::size_t max_procs() const noexcept { return procs_.load(); }
  void set_max_procs(std::size_t count);

  /// Queues what is ready, for any worker.
  void inject(runnable_list tasks);

  /// Takes from there a fair share for `into`; null if there is nothing.
  runnable *take_injected(worker &into);
  [[nodiscard]] bool has_injected() const noexcept { return injected_count_.load() != 0; }

  /// Makes sure that there is a thread at all. Errors: std::system_error.
  void ensure_one();

  /// After work was queued: wakes or starts a worker, unless all are active, or one that looks for
  /// work will find it. Returns whether it did.
  bool wake_one() noexcept;

  /// The calling worker looks for work at others; false if enough do.
  bool start_search(worker &searcher) noexcept;
  /// It has found some. There may be more, so another one takes over the search.
  void end_search(worker &searcher) noexcept;

  /// The calling worker has nothing to do; returns when it may have. If all the program sleeps
  /// then, it ends here.
  void sleep(worker &idler);

  /// A worker whose task blocks the thread stops counting as active. `turns`: only if the task is
  /// still the one that was observed.
  void mark_stuck(worker &blocked, std::optional<std::uint64_t> turns = {}) noexcept;
  /// And counts again. The worker has to look whether its place was taken.
  void unmark_stuck(worker &back) noexcept;
  /// The calling worker hands on all its work and sleeps if there are too many active ones.
  void retire_if_surplus(worker &self);

  /// Calls visit(worker &) for all. Thread-safe.
  template <typename F> void for_each(F visit) {
    const std::size_t count = count_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < count; ++i)
      visit(*all_[i].load(std::memory_order_acquire));
  }
  [[nodiscard]] std::size_t count() const noexcept { return count_.load(); }
  [[nodiscard]] std::size_t threads() const noexcept { return threads_.load(); }
  [[nodiscard]] worker &at(std::size_t index) noexcept { return *all_[index].load(); }
  [[nodiscard]] bool any_work() noexcept;
  [[nodiscard]] bool any_active() const noexcept { return active_.load() != 0; }

  /// For tasks that were started outside of tasks.
  void count_spawn() noexcept { spawned_outside_.fetch_add(1); }
  /// How many tasks have not ended; exact when none starts or ends meanwhile.
  [[nodiscard]] std::uint64_t alive_tasks() noexcept;

private:
  static constexpr std::size_t max_workers = 4096;

  workers();

  /// A worker to wake, an idle or a new one, counted as active and searching already; null if
  /// enough are active.
  worker *claim_one();
  void rouse(worker &claimed);
  void add_idle(worker &idler) HEDDLE_REQUIRES(mutex_);
  void forget_idle(worker &gone) HEDDLE_REQUIRES(mutex_);
  [[nodiscard]] bool may_be_more_active() const noexcept {
    return active_.load(std::memory_order_relaxed) < procs_.load(std::memory_order_relaxed);
  }

  internal_mutex mutex_;
  std::vector<worker *> idle_ HEDDLE_GUARDED_BY(mutex_);
  runnable_list injected_ HEDDLE_GUARDED_BY(mutex_);
  std::atomic<std::size_t> injected_count_ = 0;
  std::atomic<std::size_t> active_ = 0; ///< neither asleep nor stuck; written under mutex_
  std::atomic<std::size_t> searching_ = 0;
  std::atomic<std::size_t> procs_;
  std::atomic<std::uint64_t> spawned_outside_ = 0;
  std::atomic<std::size_t> threads_ = 0;
  std::atomic<std::size_t> count_ = 0; ///< of workers, which may have no thread yet
  std::array<std::atomic<worker *>, max_workers> all_{};
};

} // namespace heddle::detail
