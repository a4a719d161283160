// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Many readers and writers: no reader sees half of a write, no write is lost.
#include "check.h"
#include "heddle/heddle.h"

int main() {
  heddle::rw_mutex mu;
  int left = 0; // no atomics: the race detector checks the exclusion too
  int right = 0;
  heddle::wait_group group;
  for (int t = 0; t < 4; ++t) {
    group.go([&] {
      for (int i = 0; i < 500; ++i) {
        heddle::write_guard lock(mu);
        ++left;
        ++right;
      }
    });
    group.go([&] {
      for (int i = 0; i < 500; ++i) {
        heddle::read_guard lock(mu);
        CHECK(left == right);
      }
    });
    group.go([&] {
      for (int i = 0; i < 500; ++i) {
        if (mu.try_lock()) {
          ++left;
          --left;
          mu.unlock();
        }
        if (mu.try_lock_shared()) {
          CHECK(left == right);
          mu.unlock_shared();
        }
      }
    });
  }
  group.wait();
  CHECK(left == 2000 && right == 2000);

  // Whoever takes it last may destroy it.
  for (int i = 0; i < 50; ++i) {
    heddle::rw_mutex local;
    auto gate = heddle::make_channel<heddle::unit>();
    heddle::go([&, gate] {
      heddle::read_guard lock(local);
      gate.send({});
    });
    (void)gate.receive();
    heddle::write_guard lock(local);
  }
}
