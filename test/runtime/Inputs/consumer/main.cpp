// Uses a bit of everything that has a part in the library.
#include <heddle/heddle.h>

#include <cstdio>
#include <ranges>

int main() {
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), std::chrono::minutes(1));
  heddle::defer d(cancel);
  heddle::worker_pool pool(ctx, 2);
  const auto sums = heddle::make_channel<int>(1);
  const bool taken = pool.submit(ctx, [ctx = ctx, sums] {
    int sum = 0;
    for (int value : heddle::source(ctx, std::views::iota(1, 11)))
      sum += value;
    sums.send(sum);
  });
  pool.close();
  std::printf("sum %d\n", taken ? sums.receive().value_or(0) : 0);
}
