// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Deadlines and timeouts end a context with deadline_exceeded, and children inherit the earliest.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;
using heddle::context_errc;

int main() {
  const heddle::time_point now = std::chrono::steady_clock::now();

  auto [past, cancel_past] = heddle::with_deadline(heddle::background(), now - 1s);
  CHECK(past.err() == context_errc::deadline_exceeded);
  cancel_past();
  CHECK(past.err() == context_errc::deadline_exceeded);
  CHECK(past.err().message() == "context deadline exceeded");
  CHECK(heddle::context_category().message(7) == "no reason of a context: 7");

  auto [soon, cancel_soon] = heddle::with_timeout(heddle::background(), 5ms);
  auto [below, cancel_below] = heddle::with_cancel(soon);
  CHECK(below.deadline() == soon.deadline());
  CHECK(!below.done().receive());
  CHECK(below.err() == context_errc::deadline_exceeded);
  CHECK(soon.err() == context_errc::deadline_exceeded);
  CHECK(std::chrono::steady_clock::now() >= *soon.deadline());

  auto [late, cancel_late] = heddle::with_deadline(heddle::background(), now + 1h);
  auto [later, cancel_later] = heddle::with_deadline(late, now + 2h);
  auto [sooner, cancel_sooner] = heddle::with_timeout(late, 5ms);
  CHECK(late.deadline() == now + 1h && later.deadline() == now + 1h);
  CHECK(!sooner.done().receive());
  CHECK(sooner.err() == context_errc::deadline_exceeded);
  CHECK(!late.err() && !later.err());
  cancel_late();
  CHECK(late.err() == context_errc::canceled && later.err() == context_errc::canceled);

  // Practically never, without overflow.
  auto [never, cancel_never] =
      heddle::with_timeout(heddle::background(), std::chrono::hours::max());
  CHECK(!never.err());

  // Many timers, in no order, all fire.
  heddle::wait_group group;
  for (int i = 0; i < 16; ++i)
    group.go([i] {
      auto [ctx, cancel] =
          heddle::with_timeout(heddle::background(), std::chrono::milliseconds(i * 7 % 16));
      heddle::defer d(cancel);
      (void)ctx.done().receive();
      CHECK(ctx.err() == context_errc::deadline_exceeded);
    });
  group.wait();
}
