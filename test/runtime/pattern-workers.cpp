// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Worker pools and bounded parallelism: so many at a time, all done at the end, none left behind.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <memory>
#include <ranges>
#include <stdexcept>
#include <vector>

static void pool_does_all() {
  std::atomic<int> inside = 0;
  std::atomic<int> sum = 0;
  heddle::worker_pool pool(heddle::background(), 3, 2);
  for (int i = 1; i <= 100; ++i)
    CHECK(pool.submit(heddle::background(), [&, n = std::make_unique<int>(i)] {
      CHECK(++inside <= 3);
      sum += *n;
      --inside;
    }));
  pool.close();
  CHECK(sum == 5050);
  pool.close();
  CHECK(error_of<heddle::channel_error>([&] { (void)pool.submit(heddle::background(), [] {}); }) ==
        "heddle: send on closed channel");
}

static void pool_is_full() {
  auto release = heddle::make_channel<heddle::unit>();
  heddle::worker_pool pool(heddle::background(), 1);
  CHECK(pool.submit(heddle::background(), [&] { (void)release.receive(); }));
  // The caller's context ends the wait for a worker.
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), std::chrono::milliseconds(2));
  heddle::defer d(cancel);
  CHECK(!pool.submit(ctx, [] { CHECK(false); }));
  release.close();
}

static void pool_ends_with_its_context() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::worker_pool pool(ctx, 2, 8);
  auto kept = std::make_shared<int>(0);
  for (int i = 0; i < 8; ++i)
    CHECK(pool.submit(ctx, [ctx = ctx, kept] { (void)ctx.done().receive(); }));
  cancel();
  CHECK(!pool.submit(heddle::background(), [] {}));
  pool.close();
}

static void bounded() {
  std::vector<int> numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  std::atomic<int> inside = 0;
  const bool all = heddle::parallel_for_each(heddle::background(), numbers, 3,
                                             [&](const heddle::context &, int &n) {
                                               CHECK(++inside <= 3);
                                               n *= n; // each task its own element
                                               --inside;
                                             });
  CHECK(all);
  for (int i = 0; i < 10; ++i)
    CHECK(numbers[static_cast<std::size_t>(i)] == (i + 1) * (i + 1));
}

static void first_failure_ends_bounded() {
  std::atomic<int> calls = 0;
  const auto work = [&](const heddle::context &ctx, int n) {
    ++calls;
    if (n == 3)
      throw std::runtime_error("third");
    if (n > 3)
      (void)ctx.done().receive();
  };
  CHECK(error_of<std::runtime_error>([&] {
          (void)heddle::parallel_for_each(heddle::background(), std::views::iota(0, 1000), 2, work);
        }) == "third");
  CHECK(calls < 10);
}

static void context_ends_bounded() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  std::atomic<int> calls = 0;
  CHECK(!heddle::parallel_for_each(ctx, std::views::iota(0, 1000), 2,
                                   [&, cancel = cancel](const heddle::context &own, int) {
                                     if (++calls != 4)
                                       return;
                                     cancel();
                                     CHECK(own.err());
                                   }));
  CHECK(calls < 1000);
}

int main() {
  for (int i = 0; i < 10; ++i) {
    pool_does_all();
    pool_is_full();
    pool_ends_with_its_context();
    bounded();
    first_failure_ends_bounded();
    context_ends_bounded();
  }
}
