// Waiting in the queue of something that is not a channel, until a context is done.
#ifndef HEDDLE_DETAIL_CANCELLABLE_WAIT_H
#define HEDDLE_DETAIL_CANCELLABLE_WAIT_H

#include "heddle/context.h"
#include "heddle/detail/waiter.h"

namespace heddle::detail {

/// As mine.wait(), but the end of the context claims the ticket too; returns whether another did.
/// Owner only. When it returns false the caller has yet to take its places out of their queues.
/// REQUIRES: the context is not null.
bool wait_unless_done(ticket &mine, const context &ctx);

} // namespace heddle::detail

#endif
