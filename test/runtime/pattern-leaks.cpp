// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Every pattern is left in the middle of its work; when its context is done no task is left, and
// the context above is not touched.
#include "check.h"
#include "heddle/heddle.h"

#include <ranges>
#include <vector>

using namespace std::chrono_literals;

static heddle::receiver<int> numbers(const heddle::context &ctx) {
  return heddle::source(ctx, std::views::iota(0));
}

// Nobody receives any more from what these return.
static void channels(const heddle::context &ctx) {
  const auto same = [](int n) { return n; };
  (void)heddle::stage(ctx, numbers(ctx), same).receive();
  (void)heddle::or_done(ctx, numbers(ctx)).receive();
  (void)heddle::fan_in(ctx, heddle::fan_out(ctx, numbers(ctx), 3, same)).receive();
  (void)heddle::tee(ctx, numbers(ctx)).first.receive();
  (void)heddle::bridge(ctx, heddle::source(ctx, std::vector{numbers(ctx), numbers(ctx)})).receive();
  (void)heddle::any_done(ctx, {heddle::make_channel<heddle::unit>()}).try_receive();
  (void)heddle::async([] { return 1; });
}

// These wait for their context.
static void tasks(const heddle::context &ctx) {
  const auto until_done = [](const heddle::context &own) { (void)own.done().receive(); };
  heddle::go([=] {
    heddle::error_group group(ctx);
    group.go(until_done);
    group.wait();
  });
  heddle::go([=] {
    heddle::worker_pool pool(ctx, 2);
    while (pool.submit(ctx, [=] { until_done(ctx); })) {
    }
  });
  heddle::go([=] {
    (void)heddle::parallel_for_each(
        ctx, std::views::iota(0), 2,
        [=](const heddle::context &own, int) { (void)own.done().receive(); });
  });
  heddle::go([=] {
    heddle::queue<int> full(1);
    while (full.push(ctx, 1)) {
    }
  });
  heddle::go([=] {
    heddle::topic<int> topic;
    const auto slow = topic.subscribe(ctx, 1, heddle::overflow::block);
    while (topic.publish(ctx, 1) > 0) {
    }
  });
  heddle::go([=] {
    const heddle::heartbeat heart;
    (void)heart.expect(ctx, 1h);
  });
  heddle::go([=] {
    heddle::rate_limiter limiter(1h);
    while (limiter.wait(ctx)) {
    }
  });
  heddle::go([=] {
    heddle::semaphore held(1);
    held.acquire();
    (void)held.acquire(ctx);
  });
}

int main() {
  auto [above, cancel_above] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel_above);
  for (int i = 0; i < 5; ++i) {
    auto [ctx, cancel] = heddle::with_cancel(above);
    channels(ctx);
    tasks(ctx);
    heddle::sleep_for(1ms);
    cancel();
    for (const std::string &leaked : heddle::leak_check(10s)) {
      std::fprintf(stderr, "left: %s\n", leaked.c_str());
      std::_Exit(1);
    }
    CHECK(!above.err());
  }
}
