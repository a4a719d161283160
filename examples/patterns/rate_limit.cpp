// Rate limiting: steadily one per interval, or some at once after a pause.
#include <heddle/heddle.h>

#include <cstdio>

using namespace std::chrono_literals;

int main() {
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), 1min);
  heddle::defer d(cancel);

  const auto begin = std::chrono::steady_clock::now();
  heddle::rate_limiter steady(2ms);
  int sent = 0;
  while (sent < 5 && steady.wait(ctx))
    ++sent;
  const bool kept = std::chrono::steady_clock::now() - begin >= 8ms;
  std::printf("steady: %d, %s\n", sent, kept ? "spread" : "at once");

  heddle::rate_limiter bursty(1h, 3);
  int at_once = 0;
  while (bursty.try_take())
    ++at_once;
  std::printf("bursty: %d at once\n", at_once);
}
