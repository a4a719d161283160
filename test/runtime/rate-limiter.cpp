// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Steady: one per interval. Bursty: some at once after a pause. A context ends the wait.
#include "check.h"
#include "heddle/heddle.h"

#include <stdexcept>

using namespace std::chrono_literals;

static heddle::time_point now() { return std::chrono::steady_clock::now(); }

static void steady() {
  const heddle::time_point begin = now();
  heddle::rate_limiter limiter(5ms);
  for (int i = 0; i < 5; ++i) {
    limiter.wait();
    CHECK(now() >= begin + i * 5ms);
  }
  CHECK(now() >= begin + 20ms);
}

static void bursty() {
  heddle::rate_limiter limiter(1h, 3);
  for (int i = 0; i < 3; ++i)
    CHECK(limiter.try_take());
  CHECK(!limiter.try_take());

  const heddle::time_point begin = now();
  heddle::rate_limiter refilled(5ms, 3);
  for (int i = 0; i < 4; ++i)
    refilled.wait();
  CHECK(now() >= begin + 5ms);
  heddle::sleep_for(20ms);
  // Full, and no more than full.
  const heddle::time_point full = now();
  for (int i = 0; i < 3; ++i)
    CHECK(refilled.try_take());
  refilled.wait();
  refilled.wait();
  CHECK(now() >= full + 10ms);
}

static void several_tasks() {
  const heddle::time_point begin = now();
  heddle::rate_limiter limiter(2ms);
  heddle::wait_group group;
  for (int t = 0; t < 4; ++t)
    group.go([&] {
      for (int i = 0; i < 3; ++i)
        limiter.wait();
    });
  group.wait();
  CHECK(now() >= begin + 11 * 2ms);
}

static void context_ends_the_wait() {
  heddle::rate_limiter limiter(1h);
  CHECK(limiter.wait(heddle::background()));
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto waits = heddle::go([&, ctx = ctx] { CHECK(!limiter.wait(ctx)); });
  heddle::sleep_for(1ms);
  cancel();
  waits.join();
  CHECK(!limiter.wait(ctx));
  // At once, as its turn would come too late.
  auto [soon, cancel_soon] = heddle::with_timeout(heddle::background(), 1min);
  heddle::defer d(cancel_soon);
  CHECK(!limiter.wait(soon));
}

// Who gives up gives its turn back.
static void turn_comes_back() {
  heddle::rate_limiter limiter(400ms);
  limiter.wait();
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto waits = heddle::go([&, ctx = ctx] { CHECK(!limiter.wait(ctx)); });
  heddle::sleep_for(1ms);
  cancel();
  waits.join();
  auto [soon, cancel_soon] = heddle::with_timeout(heddle::background(), 700ms);
  heddle::defer d(cancel_soon);
  CHECK(limiter.wait(soon));
}

int main() {
  steady();
  bursty();
  several_tasks();
  context_ends_the_wait();
  turn_comes_back();
  CHECK(error_of<std::invalid_argument>([] { heddle::rate_limiter none(0ms); }) != "");
  CHECK(error_of<std::invalid_argument>([] { heddle::rate_limiter none(1ms, 0); }) != "");
}
