// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Never more than so many at a time, and no permit is lost, though many give up while they wait.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>

int main() {
  constexpr int permits = 3;
  heddle::semaphore bound(permits);
  std::atomic<int> inside = 0;
  const auto work = [&] {
    CHECK(++inside <= permits);
    --inside;
    bound.release();
  };
  heddle::wait_group group;
  for (int t = 0; t < 4; ++t) {
    group.go([&] {
      for (int i = 0; i < 300; ++i) {
        bound.acquire();
        work();
      }
    });
    group.go([&] {
      for (int i = 0; i < 300; ++i) {
        auto [ctx, cancel] = heddle::with_cancel(heddle::background());
        auto canceler = heddle::go(cancel);
        if (bound.acquire(ctx))
          work();
        canceler.join();
      }
    });
    group.go([&] {
      for (int i = 0; i < 300; ++i)
        if (bound.try_acquire())
          work();
    });
  }
  group.wait();
  for (int i = 0; i < permits; ++i)
    CHECK(bound.try_acquire());
  CHECK(!bound.try_acquire());
}
