// Sleeping with and without a context.
#include "heddle/sleep.h"

#include "heddle/channel.h"

namespace heddle::detail {

void sleep_until(time_point wake, std::source_location where) {
  // Nobody knows this ticket, so only the deadline can end the wait.
  ticket mine("a time to come", where);
  mine.wait_until(wake);
}

bool sleep_until(const context &ctx, time_point wake, std::source_location where) {
  if (ctx.err())
    return false;
  const receiver<unit> done = ctx.done();
  std::optional<unit> signal;
  operation wanted = receive_operation(access::core(done), signal, where);
  return perform({&wanted, 1}, wake, "a time to come") == no_operation;
}

} // namespace heddle::detail
