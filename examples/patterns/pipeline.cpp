// Pipeline: stages that run beside each other; a value is in the next while its successor is here.
#include <heddle/heddle.h>

#include <cstdio>
#include <ranges>

int main() {
  // Cancel ends all stages, so none is left over when the loop has seen enough.
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);

  auto numbers = heddle::source(ctx, std::views::iota(1));
  auto squares = heddle::stage(ctx, numbers, [](int n) { return n * n; });
  auto halves = heddle::stage(ctx, squares, [](int n) { return n / 2.0; });

  for (double value : halves) {
    std::printf("%.1f\n", value);
    if (value > 10)
      break;
  }
}
