// A full queue needs a policy: let the producer wait, or drop the newest or the oldest.
#include <heddle/heddle.h>

#include <cstdio>

static void back_pressure(const heddle::context &ctx) {
  heddle::queue<int> orders(2); // overflow::block
  auto customer = heddle::go([&, ctx] {
    for (int i = 1; i <= 5; ++i)
      if (!orders.push(ctx, i)) // waits for room
        break;
    orders.close();
  });
  int served = 0;
  for ([[maybe_unused]] int order : orders.out())
    ++served;
  customer.join();
  std::printf("served %d\n", served);
}

static void newest_only(const heddle::context &ctx) {
  heddle::queue<int> positions(1, heddle::overflow::drop_oldest);
  for (int i = 1; i <= 5; ++i)
    positions.push(ctx, i); // never waits
  positions.close();
  for (int position : positions.out())
    std::printf("position %d, %zu missed\n", position, positions.dropped());
}

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);
  back_pressure(ctx);
  newest_only(ctx);
}
