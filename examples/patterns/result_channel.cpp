// Result channel: a task's result comes on a channel with room for it, so that the task ends even
// if nobody waits any more.
#include <heddle/heddle.h>

#include <cstdio>

static int answer() { return 42; }

int main() {
  const heddle::receiver<int> result = heddle::async(answer);
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), std::chrono::minutes(1));
  heddle::defer d(cancel);
  if (const std::optional<int> value = result.receive(ctx))
    std::printf("result %d\n", *value);
  else
    std::printf("too late: %s\n", ctx.err().message().c_str());
}
