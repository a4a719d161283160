// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The bridge from std::stop_token: a context is done when the token is stopped, not the reverse.
#include "check.h"
#include "heddle/heddle.h"

#include <stop_token>
#include <thread>

using heddle::context_errc;

static void follows() {
  std::stop_source source;
  auto [ctx, cancel] = heddle::with_stop_token(heddle::background(), source.get_token());
  auto [below, cancel_below] = heddle::with_cancel(ctx);
  CHECK(!ctx.err());
  source.request_stop();
  CHECK(ctx.err() == context_errc::canceled && below.err() == context_errc::canceled);
  auto [late, cancel_late] = heddle::with_stop_token(heddle::background(), source.get_token());
  CHECK(late.err() == context_errc::canceled);
}

static void never_up() {
  std::stop_source source;
  auto [parent, cancel_parent] = heddle::with_cancel(heddle::background());
  auto [first, cancel_first] = heddle::with_stop_token(parent, source.get_token());
  auto [second, cancel_second] = heddle::with_stop_token(parent, source.get_token());
  cancel_first();
  CHECK(first.err() && !second.err() && !parent.err() && !source.stop_requested());
  cancel_parent();
  CHECK(second.err() && !source.stop_requested());
  // The contexts may be gone when the token is stopped.
  (void)heddle::with_stop_token(parent, source.get_token());
  source.request_stop();
}

static void jthread_ends_the_work() {
  auto ended = heddle::make_channel<heddle::unit>();
  {
    std::jthread thread([ended](std::stop_token token) {
      auto [ctx, cancel] = heddle::with_stop_token(heddle::background(), token);
      heddle::defer d(cancel);
      CHECK(!heddle::sleep_for(ctx, std::chrono::hours(1)));
      ended.close();
    });
  }
  CHECK(!ended.receive());
}

static void nowhere() {
  auto [ctx, cancel] = heddle::with_stop_token(heddle::background(), std::stop_token());
  CHECK(!ctx.err());
  cancel();
  CHECK(ctx.err());
}

// Stop, cancel and the end of the last handle at the same time. A thread stops the source:
// libstdc++ orders a callback and its destruction only between threads, which is too little to be
// seen by a race detector that tells the tasks of one thread apart.
static void stress() {
  for (int i = 0; i < 200; ++i) {
    std::stop_source source;
    auto [ctx, cancel] = heddle::with_stop_token(heddle::background(), source.get_token());
    std::thread stopper([&] { source.request_stop(); });
    auto canceler = heddle::go(std::move(cancel));
    if (i % 2)
      ctx = heddle::background();
    stopper.join();
    canceler.join();
  }
}

int main() {
  follows();
  never_up();
  jthread_ends_the_work();
  nowhere();
  stress();
}
