// The seam: all that the runtime asks of what runs its tasks. Channels, select, locks, wait_group,
// join, sleep and timers block only through these calls (most through waiter.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <source_location>

namespace heddle::detail {

/// The place where one task, or one thread that runs no task, sleeps. It holds at most one permit:
/// unpark gives it, park consumes it, in either order. Its memory is never freed, but with the end
/// of its task it may become another's: unpark it only while its task is bound to call park (see
/// ticket). Owned by the scheduler.
class parker {
public:
  parker(const parker &) = delete;
  parker &operator=(const parker &) = delete;

  /// Says what the owner is about to wait for, for reports. `doing` must be a literal.
  void announce(const char *doing, std::source_location where) noexcept {
    doing_.store(doing, std::memory_order_relaxed);
    where_.store(where, std::memory_order_relaxed);
  }

  /// What announce() said last. Any thread.
  [[nodiscard]] const char *doing() const noexcept {
    return doing_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] std::source_location where() const noexcept {
    return where_.load(std::memory_order_relaxed);
  }
  [[nodiscard]] bool asleep() const noexcept {
    return state_.load(std::memory_order_acquire) == parked;
  }

protected:
  enum state : std::uint32_t { awake, parked, permit };

  explicit parker(bool is_task) noexcept : is_task_(is_task) {}
  ~parker() = default;

  std::atomic<std::uint32_t> state_ = awake;

private:
  friend void park();
  friend void unpark(parker &sleeper) noexcept;

  const bool is_task_;
  std::atomic<const char *> doing_ = "nothing";
  std::atomic<std::source_location> where_ = std::source_location();
};

/// The parker of the calling task, or of the calling thread when no task runs on it.
[[nodiscard]] parker &this_parker();

/// Sleeps until the calling task's permit is there, and takes it. Never returns without one. The
/// task may go on on another thread.
/// REQUIRES: the caller holds no lock that another task may need.
void park();

/// Gives the permit. Everything before this call happens before the matching park() returns.
/// REQUIRES: no permit is there already.
void unpark(parker &sleeper) noexcept;

/// What a worker can run next: a task that has not started, or one that was unparked.
struct runnable {
  runnable *next = nullptr; ///< in the queue of all workers
  const bool started;

protected:
  explicit runnable(bool is_started) noexcept : started(is_started) {}
  ~runnable() = default;
};

/// Who a task is, for reports: the name that its starter gave it, or null, and where go() stands.
struct task_origin {
  const char *name = nullptr;
  std::source_location where = {};
};

/// What a task runs.
class job : public runnable {
public:
  explicit job(task_origin origin) noexcept : runnable(false), origin_(origin) {}
  job(const job &) = delete;
  job &operator=(const job &) = delete;
  virtual ~job() = default;

  /// The whole task. It may end the job's life: nobody touches it afterwards.
  virtual void run() noexcept = 0;

  [[nodiscard]] const task_origin &origin() const noexcept { return origin_; }

  /// A handshake that makes spawn() happen before run() also in the eyes of a race detector.
  void publish() noexcept { published_.store(true, std::memory_order_release); }
  void receive() const noexcept { (void)published_.load(std::memory_order_acquire); }

private:
  const task_origin origin_;
  std::atomic<bool> published_ = false;
};

/// Starts a task that calls work.run() once; until then `work` must live. Tasks still blocked when
/// main returns just stop existing: their stacks are never unwound.
/// Errors: std::system_error when the system cannot give the first thread to run tasks on.
void spawn(job &work);

} // namespace heddle::detail
