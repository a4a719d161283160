// Fan-out, fan-in: several tasks share the values of one channel, and their results become one.
#include <heddle/heddle.h>

#include <cstdio>
#include <ranges>

static bool is_prime(int n) {
  for (int d = 2; d * d <= n; ++d)
    if (n % d == 0)
      return false;
  return n > 1;
}

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);

  auto numbers = heddle::source(ctx, std::views::iota(0, 1000));
  auto checked = heddle::fan_out(ctx, numbers, 4, is_prime);
  int primes = 0;
  for (bool prime : heddle::fan_in(ctx, checked))
    primes += prime ? 1 : 0;
  std::printf("%d primes\n", primes);
}
