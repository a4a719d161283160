// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// main may return while tasks are blocked in every way; nothing crashes and nothing is reported.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

int main() {
  auto started = heddle::make_channel<heddle::unit>();
  auto ch = heddle::make_channel<int>();
  static heddle::mutex mu;
  static heddle::wait_group group;
  mu.lock();
  group.add();
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), 1h);
  const auto block = [started](auto wait) {
    heddle::go([started, wait] {
      started.send({});
      wait();
    });
    (void)started.receive();
  };
  block([ch] { ch.send(1); });
  block([ctx = ctx] { (void)ctx.done().receive(); });
  block([ctx = ctx] { (void)heddle::sleep_for(ctx, 1h); });
  block([] { heddle::sleep_for(1h); });
  block([] { heddle::lock_guard lock(mu); });
  block([] { group.wait(); });
  block([] { heddle::select(); });
  block([] { heddle::go([] { heddle::select(); }).join(); });
}
