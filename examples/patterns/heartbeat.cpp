// Heartbeat: a worker shows that it gets on, and a watcher ends it when it does not.
#include <heddle/heddle.h>

#include <cstdio>

using namespace std::chrono_literals;

static void work(const heddle::context &ctx, const heddle::heartbeat &heart) {
  heddle::ticker ticker(1ms);
  heddle::defer d([&] { ticker.stop(); });
  // Gets stuck after five steps.
  for (int step = 0; step < 5 && !ctx.err(); ++step)
    heddle::select(heddle::on_receive(ticker.ticks(), [&] { heart.pulse(); }),
                   heddle::on_receive(ctx.done(), [] {}));
  (void)ctx.done().receive();
}

int main() {
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::defer d(cancel);
  const heddle::heartbeat heart;
  heddle::task worker = heddle::go([ctx = ctx, heart] { work(ctx, heart); });
  while (heart.expect(ctx, 200ms)) {
  }
  std::printf("no pulse\n");
  cancel();
  worker.join();
}
