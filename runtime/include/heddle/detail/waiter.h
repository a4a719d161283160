// Queues of blocked tasks: the ticket of one blocking operation, its places in queues, the queue.
// The idea of one claimable record per blocked operation is that of the sudog in Go's runtime.
#pragma once

#include "heddle/detail/scheduler.h"
#include "heddle/time_point.h"

#include <atomic>
#include <source_location>

namespace heddle::detail {

struct waiter;

/// One blocking operation of one task. It may stand in several queues at once (select); the first
/// to claim it decides what ended it. Lives on the blocked task's stack.
/// Protocol: whoever claims it calls wake() exactly once, and the owner does not return from
/// wait() before that. So a claimed ticket is safe to touch until wake(), and never after it.
class ticket {
public:
  /// For reports: what the task waits for ("a mutex"), a literal, and where it said so.
  explicit ticket(const char *what = "something", std::source_location where = {})
      : sleeper_(this_parker()) {
    sleeper_.announce(what, where);
  }
  ticket(const ticket &) = delete;
  ticket &operator=(const ticket &) = delete;

  /// Takes the right to end the operation; true for exactly one caller. Any thread.
  bool claim() noexcept { return !claimed_.exchange(true, std::memory_order_acq_rel); }
  bool claimed() const noexcept { return claimed_.load(std::memory_order_acquire); }

  /// Lets the owner go on. REQUIRES: the caller's claim() returned true. Any thread.
  void wake() noexcept { unpark(sleeper_); }

  /// Sleeps until another task has claimed the ticket and called wake(). Owner only.
  void wait() { park(); }

  /// As wait(), but gives up at `deadline`: a timer is one more that may claim the ticket. False:
  /// it did, and nobody else can.
  bool wait_until(time_point deadline);

  /// The place in a queue through which it was claimed; written before wake(), read after wait().
  waiter *winner = nullptr;

private:
  parker &sleeper_;
  std::atomic<bool> claimed_ = false;
};

/// A ticket's place in one queue.
struct waiter {
  ticket *owner = nullptr;
  waiter *previous = nullptr;
  waiter *next = nullptr;
  bool queued = false;
};

/// A ticket with a place in one queue: what a lock needs.
struct queue_ticket : ticket {
  explicit queue_ticket(const char *what, std::source_location where) : ticket(what, where) {
    place.owner = this;
  }
  waiter place;
};

/// A first-in-first-out queue of waiters, linked through them; it owns none. Not thread-safe: the
/// lock of the object that it belongs to guards it, and all `queued` flags of its waiters.
class wait_list {
public:
  /// REQUIRES: the waiter has an owner and stands in no queue.
  void push_back(waiter &place) noexcept;
  void push_front(waiter &place) noexcept;

  /// Takes the waiter out, if it is in.
  void remove(waiter &place) noexcept;

  /// Takes out the first waiter whose ticket it could claim, and names it the ticket's winner; null
  /// when there is none. The caller must wake its owner.
  [[nodiscard]] waiter *take() noexcept;

  /// Takes and chains (through `next`) all waiters that it could claim; for wake_all().
  [[nodiscard]] waiter *take_all() noexcept;

  [[nodiscard]] bool empty() const noexcept { return first_ == nullptr; }

  /// Whether some ticket is unclaimed. Only a hint: another object may claim it at any time.
  [[nodiscard]] bool has_unclaimed() const noexcept;

private:
  waiter *first_ = nullptr;
  waiter *last_ = nullptr;
};

/// Wakes the owners of a chain made by take_all(), or of what take() returned. REQUIRES: no lock is
/// held that they need.
void wake_all(waiter *chain) noexcept;

} // namespace heddle::detail
