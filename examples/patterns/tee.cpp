// tee: every value to two receivers, here one that counts and one that adds up.
#include <heddle/heddle.h>

#include <cstdio>
#include <ranges>

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);

  auto [left, right] = heddle::tee(ctx, heddle::source(ctx, std::views::iota(1, 11)));
  const auto count = heddle::async([values = left] {
    int seen = 0;
    for ([[maybe_unused]] int value : values)
      ++seen;
    return seen;
  });
  int sum = 0;
  for (int value : right)
    sum += value;
  std::printf("count %d, sum %d\n", count.receive().value_or(0), sum);
}
