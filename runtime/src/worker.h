// A worker: one thread that runs tasks.
#pragma once

#include "fiber.h"
#include "futex.h"
#include "run_queue.h"
#include "stack_pool.h"

#include <atomic>
#include <cstdint>
#include <ctime>
#include <vector>

namespace heddle::detail {

class workers;

/// Runs tasks from its own slot and queue, from the queue of all workers, and from other workers.
/// It lives for ever. The members of the first part are for its own thread only, on whatever stack
/// that is; as tasks move between threads, nobody keeps a reference to a worker across a switch.
class alignas(64) worker {
public:
  /// The worker on whose thread the caller runs; null on other threads.
  [[nodiscard]] static worker *current() noexcept;

  /// The task that runs on the thread; null while the worker looks for one.
  [[nodiscard]] fiber *running() const noexcept { return running_.load(std::memory_order_relaxed); }

  /// Lets the task run soon. It goes to the slot that is served next, since most wakers wait
  /// themselves before long; who was there goes to the queue, where other workers find it.
  void make_ready(runnable &task);

  /// Leaves the running task for another one; returns when it is resumed, maybe elsewhere.
  void suspend(departure why);

  /// Whether a yield would come back at once.
  [[nodiscard]] bool has_nothing_else() const noexcept;

  void count_spawn() noexcept { bump(spawned_); }

  /// The thread's body.
  [[noreturn]] void run();

  // The rest is for any thread.

  /// How far the worker had come when somebody looked.
  struct glance {
    time_point when;
    std::uint64_t turns = 0;
  };

  /// Whether what is ready here has to wait so long that another worker should take some, as far as
  /// can be told from what was done since the last glance. Takes a new one, unless it is still the
  /// same turn, and notes whether the worker is prompt.
  bool lags(glance &last) noexcept;

  /// Takes work from this worker for `thief`; null when there is none. REQUIRES: it lags.
  runnable *rob_for(worker &thief) noexcept;

  /// Whether others should come and look; what a prompt worker has queued they leave to it.
  [[nodiscard]] bool has_spare_work() const noexcept {
    return (!queue_.empty() && !prompt_.load(std::memory_order_relaxed)) ||
           (stuck_.load() && next_.load());
  }

  [[nodiscard]] std::uint64_t spawned() const noexcept { return spawned_.load(); }
  [[nodiscard]] std::uint64_t ended() const noexcept { return ended_.load(); }

private:
  friend class workers;
  friend class monitor;

  void settle_in() noexcept;
  static void fiber_main(transfer_t arrival);
  static void arrive(transfer_t arrival, strand &here);
  void switch_stacks(strand &from, strand &to, departure why);
  void settle(strand &left);
  strand &strand_of(runnable &task);
  runnable *take_local() noexcept;
  runnable *take_next() noexcept;
  runnable *find_work();
  runnable *search();
  runnable *linger();
  void enqueue(runnable &task);

  // Counters are written by the thread alone, but read by others.
  static void bump(std::atomic<std::uint64_t> &counter) noexcept {
    counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  run_queue queue_;
  std::atomic<runnable *> next_ = nullptr; ///< only its thread puts; others take it if it lags
  std::atomic<std::uint64_t> turns_ = 0;   ///< tasks resumed so far: stands still if one is long
  std::atomic<std::uint32_t> streak_ = 0;  ///< how often in a row the slot was served first
  std::atomic<fiber *> running_ = nullptr;
  std::atomic<std::uint64_t> spawned_ = 0;
  std::atomic<std::uint64_t> ended_ = 0;

  std::atomic<bool> attention_ = false; ///< the next switch must go through find_work()
  /// Its turns are so short that what it queues is soon served: nobody is woken for that.
  std::atomic<bool> prompt_ = false;
  std::atomic<bool> searching_ = false; ///< counted in workers::searching_
  std::atomic<bool> stuck_ = false;     ///< not counted as active; guarded by workers::mutex_
  futex_word woken_ = 0;
  int waker_processor_ = -1; ///< where the waker ran; written before the wake-up
  bool idle_ = false;        ///< guarded by workers::mutex_
  bool has_thread_ = false;  ///< used by whoever claimed it

  std::size_t first_victim_ = 0; ///< whom its last search asked first
  std::vector<glance> glances_;  ///< at the others

  strand root_;
  stack_cache stacks_;
  exception_globals *exceptions_ = nullptr;                 ///< the thread's
  std::atomic<clockid_t> processor_time_ = CLOCK_MONOTONIC; ///< the clock of the thread's use
};

} // namespace heddle::detail
