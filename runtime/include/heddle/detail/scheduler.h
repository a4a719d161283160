// The seam: all that the runtime asks of what runs its tasks. Channels, select, mutex, wait_group,
// join, sleep and timers block only through these calls, so a scheduler is one .cpp behind them.
#ifndef HEDDLE_DETAIL_SCHEDULER_H
#define HEDDLE_DETAIL_SCHEDULER_H

#include "heddle/time_point.h"

#include <memory>

namespace heddle::detail {

/// The place where one task sleeps; opaque, owned by the scheduler. It holds at most one permit:
/// unpark gives it, park consumes it, in either order. A parker lives as long as its task, so it
/// may be unparked only while the task is bound to call park (see ticket).
class parker;

/// The parker of the calling task, or of the calling thread when no task runs on it.
[[nodiscard]] parker &this_parker();

/// Sleeps until the calling task's permit is there, and takes it. Never returns without one.
/// REQUIRES: the caller holds no lock that another task may need.
void park();

/// As park(), but gives up at `deadline`. Returns whether it took a permit.
bool park_until(time_point deadline);

/// Gives the permit. Everything before this call happens before the matching park() returns.
/// REQUIRES: no permit is there already.
void unpark(parker &sleeper) noexcept;

/// What a task runs.
class job {
public:
  virtual ~job() = default;
  virtual void run() noexcept = 0;
};

/// Starts a task that calls work->run() once, and shares ownership of `work` until then. Tasks
/// still blocked when main returns just stop existing: their stacks are never unwound.
/// Errors: std::system_error when the system has no more threads.
void spawn(std::shared_ptr<job> work);

} // namespace heddle::detail

#endif
