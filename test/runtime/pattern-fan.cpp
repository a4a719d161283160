// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Fan-out gives each value to one task, fan-in collects them all; both end with their context.
#include "check.h"
#include "heddle/heddle.h"

#include <ranges>
#include <vector>

static void every_value_once() {
  const heddle::context ctx = heddle::background();
  const auto numbers = heddle::source(ctx, std::views::iota(1, 101));
  auto parts = heddle::fan_out(ctx, numbers, 4, [](int n) { return 2 * n; });
  CHECK(parts.size() == 4);
  long sum = 0;
  int count = 0;
  for (int value : heddle::fan_in(ctx, parts)) {
    sum += value;
    ++count;
  }
  CHECK(count == 100 && sum == 2 * 5050);
  CHECK(!heddle::fan_in(ctx, std::vector<heddle::receiver<int>>()).receive());
}

// One input's order is kept.
static void order_of_one_input() {
  const heddle::context ctx = heddle::background();
  int last_small = -1;
  int last_big = 999;
  for (int value : heddle::fan_in<int>(ctx, {heddle::source(ctx, std::views::iota(0, 50)),
                                             heddle::source(ctx, std::views::iota(1000, 1050))})) {
    int &last = value < 1000 ? last_small : last_big;
    CHECK(value == last + 1);
    last = value;
  }
  CHECK(last_small == 49 && last_big == 1049);
}

static void context_ends_all() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  const auto silent = heddle::make_channel<int>();
  auto endless = heddle::source(ctx, std::views::iota(0));
  auto parts = heddle::fan_out(ctx, endless, 3, [](int n) { return n; });
  auto all = parts;
  all.push_back(silent);
  auto merged = heddle::fan_in(ctx, all);
  for (int i = 0; i < 5; ++i)
    CHECK(merged.receive());
  cancel();
  // Each is closed by its task when that ends.
  for ([[maybe_unused]] int rest : merged) {
  }
  for (const auto &part : parts)
    for ([[maybe_unused]] int rest : part) {
    }
}

int main() {
  for (int i = 0; i < 10; ++i) {
    every_value_once();
    order_of_one_input();
    context_ends_all();
  }
}
