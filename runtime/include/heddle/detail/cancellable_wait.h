// Waiting in the queue of something that is not a channel, until a context is done.
#ifndef HEDDLE_DETAIL_CANCELLABLE_WAIT_H
#define HEDDLE_DETAIL_CANCELLABLE_WAIT_H

#include "heddle/context.h"
#include "heddle/detail/waiter.h"

#include <stop_token>

namespace heddle::detail {

/// As mine.wait(), but the end of the context claims the ticket too; returns whether another did.
/// Owner only. When it returns false the caller has yet to take its places out of their queues.
/// Errors: context_error if the context is null.
inline bool wait_unless_done(ticket &mine, const context &ctx) {
  bool done = false;
  // Runs at once if the context is done already. Its destructor waits for a call that is under way.
  const std::stop_callback give_up(ctx.stop_token(), [&] {
    if (mine.claim()) {
      done = true;
      mine.wake();
    }
  });
  mine.wait();
  return !done;
}

} // namespace heddle::detail

#endif
