// or: one signal for the first of several, such as shutdown, timeout or disconnection.
#include <heddle/heddle.h>

#include <cstdio>

int main() {
  const auto shutdown = heddle::make_channel<heddle::unit>();
  const auto disconnected = heddle::make_channel<heddle::unit>();
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), std::chrono::hours(1));
  heddle::defer d(cancel);

  const auto over = heddle::any_done(ctx, {shutdown, disconnected});
  disconnected.close();
  (void)over.receive();
  std::printf("over, %s\n", ctx.err() ? "by the context" : "by a signal");
}
