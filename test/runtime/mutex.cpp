// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// The mutex excludes, also with std's guards; try_lock never blocks.
#include "check.h"
#include "heddle/heddle.h"

#include <mutex>

int main() {
  heddle::mutex mu;
  int counter = 0; // no atomic: the race detector checks the exclusion too
  heddle::wait_group group;
  for (int t = 0; t < 8; ++t)
    group.go([&] {
      for (int i = 0; i < 500; ++i) {
        heddle::lock_guard lock(mu);
        ++counter;
      }
    });
  group.wait();
  CHECK(counter == 4000);

  {
    heddle::lock_guard lock(mu);
    heddle::go([&] { CHECK(!mu.try_lock()); }).join();
  }
  if (mu.try_lock())
    mu.unlock();
  else
    CHECK(false);

  heddle::mutex other;
  {
    std::scoped_lock both(mu, other);
  }

  // Whoever takes the mutex last may destroy it.
  for (int i = 0; i < 50; ++i) {
    heddle::mutex local;
    auto gate = heddle::make_channel<heddle::unit>();
    auto holder = heddle::go([&, gate] {
      heddle::lock_guard lock(local);
      gate.send({});
    });
    (void)gate.receive();
    heddle::lock_guard lock(local);
  }
}
