// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// tee copies one channel into two, bridge joins a channel of channels; both end with the context.
#include "check.h"
#include "heddle/heddle.h"

#include <ranges>
#include <vector>

static void both_get_all() {
  const heddle::context ctx = heddle::background();
  auto [left, right] = heddle::tee(ctx, heddle::source(ctx, std::views::iota(0, 20)));
  auto other = heddle::go([right = right] {
    int next = 0;
    for (int value : right)
      CHECK(value == next++);
    CHECK(next == 20);
  });
  int next = 0;
  for (int value : left)
    CHECK(value == next++);
  CHECK(next == 20);
  other.join();
}

static void tee_ends_with_its_context() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto [left, right] = heddle::tee(ctx, heddle::source(ctx, std::views::iota(0)));
  CHECK(left.receive() == 0);
  // Nobody has taken it on the right.
  cancel();
  for (int value : left)
    CHECK(value > 0);
  for (int value : right)
    CHECK(value >= 0);
}

static void one_after_the_other() {
  const heddle::context ctx = heddle::background();
  std::vector<heddle::receiver<int>> parts;
  for (int i = 0; i < 5; ++i)
    parts.push_back(heddle::source(ctx, std::views::iota(10 * i, 10 * i + 10)));
  int next = 0;
  for (int value : heddle::bridge(ctx, heddle::source(ctx, std::move(parts))))
    CHECK(value == next++);
  CHECK(next == 50);
}

static void bridge_ends_with_its_context() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto channels = heddle::make_channel<heddle::receiver<int>>(1);
  const auto silent = heddle::make_channel<int>();
  channels.send(silent);
  auto joined = heddle::bridge(ctx, heddle::receiver(channels));
  cancel();
  CHECK(!joined.receive());
}

int main() {
  for (int i = 0; i < 20; ++i) {
    both_get_all();
    tee_ends_with_its_context();
    one_after_the_other();
    bridge_ends_with_its_context();
  }
}
