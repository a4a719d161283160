// Fibers: a task that has started, with the stack that it runs on.
#pragma once

#include "heddle/detail/scheduler.h"
#include "sanitizers.h"

#include <boost/context/detail/fcontext.hpp>
#include <cstddef>

namespace heddle::detail {

using boost::context::detail::fcontext_t;
using boost::context::detail::transfer_t;

/// The thread's state of exception handling, as the Itanium C++ ABI lays it out (2.2.2). It belongs
/// to the stack: a task may wait inside a catch block and go on on another thread.
struct exception_globals {
  void *caught = nullptr;
  unsigned uncaught = 0;
};

/// Why a stack was left.
enum class departure { to_run_tasks, parked, yielded, ended };

/// What a thread can switch to: the stack of a task, or a worker's own.
struct strand {
  fcontext_t context = nullptr; ///< where to go on; valid while it does not run
  exception_globals exceptions;
  sanitizer_stack sanitizer;
  departure why = departure::to_run_tasks; ///< for whoever runs next on this thread
};

/// Lies at the top of its stack's memory, and lives as long: for ever, through many tasks.
class fiber final : public strand, public runnable, public parker {
public:
  /// `bottom` is the lowest usable address; the stack ends below this object. `guarded`: what lies
  /// below `bottom` cannot be touched.
  fiber(char *bottom, bool guarded) noexcept
      : runnable(true), parker(true), bottom_(bottom), guarded_(guarded) {}

  /// Gets ready to run the task from its start.
  void begin(job &work, void (*entry)(transfer_t)) noexcept;

  /// Takes the next task when one has ended: its stack is as good as new.
  void adopt(job &work) noexcept;

  /// The task that it runs. The task itself may have ended its own life.
  [[nodiscard]] job &work() const noexcept { return *work_; }
  void finish() noexcept { alive_.store(false, std::memory_order_release); }

  // The three steps of the parking protocol; see park() and unpark().

  /// Takes the permit if it is there.
  bool take_permit() noexcept;
  /// After the switch away: falls asleep, unless the permit came meanwhile.
  bool fall_asleep() noexcept;
  /// Gives the permit; true if the owner slept, and so must be made ready.
  bool give_permit() noexcept;

  // For reports, from any thread.
  [[nodiscard]] bool alive() const noexcept { return alive_.load(std::memory_order_acquire); }
  [[nodiscard]] task_origin origin() const noexcept;

  fiber *next_free = nullptr; ///< in the list of free stacks

  [[nodiscard]] char *bottom() const noexcept { return bottom_; }
  [[nodiscard]] char *top() noexcept;

  /// Ends the program if the task has used more stack than there is. Not in use, or by itself.
  HEDDLE_WORKER_ONLY void check_overflow() const noexcept;

private:
  char *const bottom_;
  const bool guarded_;
  job *work_ = nullptr;
  std::atomic<bool> alive_ = false;
  std::atomic<const char *> name_ = nullptr;
  std::atomic<std::source_location> started_at_ = std::source_location();
};

} // namespace heddle::detail
