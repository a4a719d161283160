// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Pipelines keep the order, carry move-only values, and end when their context is done.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>
#include <ranges>
#include <vector>

static void all_values_in_order() {
  const heddle::context ctx = heddle::background();
  auto numbers = heddle::source(ctx, std::vector{1, 2, 3, 4});
  auto squares = heddle::stage(ctx, numbers, [](int n) { return n * n; });
  auto owned = heddle::stage(ctx, squares, [](int n) { return std::make_unique<int>(n); });
  std::vector<int> seen;
  for (auto value : owned)
    seen.push_back(*value);
  CHECK((seen == std::vector{1, 4, 9, 16}));

  std::vector<std::unique_ptr<int>> owners;
  owners.push_back(std::make_unique<int>(7));
  auto first = heddle::source(ctx, std::move(owners)).receive();
  CHECK(first && **first == 7);
  CHECK(!heddle::source(ctx, std::vector<int>()).receive());
}

static void context_ends_all_stages() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto numbers = heddle::source(ctx, std::views::iota(0));
  auto plus_one = heddle::stage(ctx, numbers, [](int n) { return n + 1; });
  for (int i = 1; i <= 3; ++i)
    CHECK(plus_one.receive() == i);
  cancel();
  // Closed, and so ended, both; a value may have been under way.
  for (int value : plus_one)
    CHECK(value == 4);
  for (int value : numbers)
    CHECK(value > 0);
}

static void or_done_ends_the_range() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto never_closed = heddle::make_channel<int>(2);
  never_closed.send(1);
  never_closed.send(2);
  int count = 0;
  for (int value : heddle::or_done(ctx, heddle::receiver(never_closed))) {
    CHECK(value == ++count);
    if (count == 2)
      cancel();
  }
  CHECK(count == 2);
  auto closed = heddle::make_channel<int>();
  closed.close();
  CHECK(!heddle::or_done(heddle::background(), heddle::receiver(closed)).receive());
}

int main() {
  for (int i = 0; i < 20; ++i) {
    all_values_in_order();
    context_ends_all_stages();
    or_done_ends_the_range();
  }
}
