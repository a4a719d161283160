// The seam's calls: what differs between tasks and threads is decided here.
#include "heddle/detail/scheduler.h"

#include "thread_parker.h"
#include "worker.h"
#include "workers.h"

namespace heddle::detail {

parker &this_parker() {
  if (worker *here = worker::current())
    return *here->running();
  return thread_parker::of_this_thread();
}

void park() {
  worker *here = worker::current();
  if (!here) {
    thread_parker::of_this_thread().sleep();
    return;
  }
  fiber &self = *here->running();
  if (self.take_permit())
    return;
  here->suspend(departure::parked);
  (void)self.take_permit();
}

void unpark(parker &sleeper) noexcept {
  if (!sleeper.is_task_) {
    static_cast<thread_parker &>(sleeper).wake();
    return;
  }
  auto &task = static_cast<fiber &>(sleeper);
  if (!task.give_permit())
    return;
  worker *here = worker::current();
  if (!here)
    (void)thread_parker::of_this_thread();
  const unobserved queueing;
  if (here)
    here->make_ready(task);
  else
    workers::instance().inject(task);
}

void spawn(job &work) {
  work.publish();
  worker *here = worker::current();
  if (!here)
    (void)thread_parker::of_this_thread();
  const unobserved queueing;
  if (here) {
    here->count_spawn();
    here->make_ready(work);
    return;
  }
  workers &all = workers::instance();
  all.ensure_one();
  all.count_spawn();
  all.inject(work);
}

} // namespace heddle::detail
