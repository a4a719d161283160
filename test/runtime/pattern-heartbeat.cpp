// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A worker that gets on is seen to, one that is stuck is found out, and pulses never block.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

int main() {
  const heddle::heartbeat heart;
  const heddle::context ctx = heddle::background();
  for (int i = 0; i < 100; ++i)
    heart.pulse();
  CHECK(heart.expect(ctx, 1h));
  CHECK(!heart.expect(ctx, 2ms));

  auto [work, cancel] = heddle::with_cancel(ctx);
  auto worker = heddle::go([heart, work = work] {
    heddle::ticker ticker(1ms);
    while (!work.err())
      heddle::select(heddle::on_receive(ticker.ticks(), [&] { heart.pulse(); }),
                     heddle::on_receive(work.done(), [] {}));
  });
  for (int i = 0; i < 5; ++i)
    CHECK(heart.expect(ctx, 1h));
  cancel();
  worker.join();
  (void)heart.pulses().try_receive();
  CHECK(!heart.expect(ctx, 2ms));
  CHECK(!heart.expect(work, 1h));
}
