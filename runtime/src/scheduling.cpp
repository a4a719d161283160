// The calls by which tasks share the processors.
#include "heddle/scheduling.h"

#include "heddle/errors.h"
#include "worker.h"
#include "workers.h"

#include <thread>

namespace heddle {

using detail::worker;
using detail::workers;

std::size_t max_procs() noexcept { return workers::instance().max_procs(); }

void set_max_procs(std::size_t count) {
  (void)detail::positive(count, "heddle: max_procs must be positive");
  const detail::unobserved waking;
  workers::instance().set_max_procs(count);
}

void yield() {
  worker *here = worker::current();
  if (!here)
    std::this_thread::yield();
  else if (!here->has_nothing_else())
    here->suspend(detail::departure::yielded);
}

namespace detail {

void begin_blocking() noexcept {
  const unobserved handover;
  if (worker *here = worker::current())
    workers::instance().mark_stuck(*here);
}

void end_blocking() noexcept {
  const unobserved handover;
  // Not always the same: the call may have waited in the runtime, too.
  if (worker *here = worker::current())
    workers::instance().unmark_stuck(*here);
}

} // namespace detail
} // namespace heddle
