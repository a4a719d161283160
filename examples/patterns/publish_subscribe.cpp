// Publish and subscribe: each subscriber says for how long it wants values, and what becomes of
// those that it is too slow for.
#include <heddle/heddle.h>

#include <cstdio>

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);

  heddle::topic<int> prices;
  const auto all = prices.subscribe(ctx, 4, heddle::overflow::block);
  const auto latest = prices.subscribe(ctx); // drops the oldest
  const auto sum = heddle::async([all] {
    int total = 0;
    for (int price : all)
      total += price;
    return total;
  });
  for (int price = 1; price <= 10; ++price)
    prices.publish(ctx, price);
  prices.close();
  std::printf("sum %d, latest %d\n", sum.receive().value_or(0), latest.receive().value_or(0));
}
