// What the workers of a pool do.
#include "heddle/worker_pool.h"

#include "heddle/errors.h"
#include "heddle/queue.h"

namespace heddle {

worker_pool::worker_pool(const context &ctx, std::size_t workers, std::size_t queue,
                         std::source_location where)
    : ctx_(ctx), queue_(make_channel<item>(queue)) {
  (void)detail::positive(workers, "heddle: a worker_pool needs a worker");
  for (std::size_t i = 0; i < workers; ++i)
    workers_.go(
        [own = ctx_, in = receiver<item>(queue_)] {
          while (const std::optional<item> work = in.receive(own))
            (*work)();
        },
        where);
}

void worker_pool::close(std::source_location where) {
  if (closed_)
    return;
  closed_ = true;
  queue_.close();
  workers_.wait(where);
}

bool worker_pool::submit_work(const context &ctx, item work, std::source_location where) {
  return detail::send_unless_done(queue_, work, ctx, ctx_, "a free worker or the end of a context",
                                  where);
}

} // namespace heddle
