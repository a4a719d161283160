// or-done: ranging over a channel that others close, or not, until the own context is done.
#include <heddle/heddle.h>

#include <cstdio>

// Somebody else's values: this sender knows nothing of the context of whoever receives.
static void measure(heddle::sender<int> out, heddle::receiver<heddle::unit> off) {
  heddle::defer d([&] { out.close(); });
  bool on = true;
  for (int value = 1; on; ++value)
    heddle::select(heddle::on_send(out, value, [] {}),
                   heddle::on_receive(off, [&] { on = false; }));
}

int main() {
  const auto values = heddle::make_channel<int>();
  const auto off = heddle::make_channel<heddle::unit>();
  heddle::task meter = heddle::go(measure, heddle::sender(values), heddle::receiver(off));

  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);
  int sum = 0;
  for (int value : heddle::or_done(ctx, heddle::receiver(values))) {
    sum += value;
    if (value == 4)
      cancel(); // the loop ends, though nobody closed the channel
    if (ctx.err())
      break;
  }
  std::printf("sum %d\n", sum);
  off.close();
  meter.join();
}
