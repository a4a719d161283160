// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A pool gives an object to one task at a time, makes what it lacks and keeps no more than it may.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <string>
#include <utility>

struct counted {
  static inline std::atomic<int> alive = 0;
  counted() { ++alive; }
  ~counted() { --alive; }
  int users = 0; // no atomic: the race detector checks that one task has it
};

static void limits_and_misuse() {
  heddle::pool<counted> pool(std::make_unique<counted>, 1);
  auto first = pool.get();
  auto second = pool.get();
  CHECK(counted::alive == 2);
  const counted *kept = first.get();
  pool.put(std::move(first));
  pool.put(std::move(second));
  CHECK(counted::alive == 1);
  first = pool.get();
  CHECK(first.get() == kept);
  CHECK(error_of<heddle::pool_error>([&] { pool.put(std::move(second)); }) ==
        "heddle: put of null into a pool");
}

static void factory() {
  heddle::pool<std::string> buffers([] {
    auto buffer = std::make_unique<std::string>();
    buffer->reserve(4096);
    return buffer;
  });
  auto buffer = buffers.get();
  CHECK(buffer->empty() && buffer->capacity() >= 4096);
  buffers.put(std::move(buffer));
}

static void stress() {
  heddle::pool<counted> pool(std::make_unique<counted>, 2);
  heddle::wait_group group;
  for (int t = 0; t < 8; ++t)
    group.go([&] {
      for (int i = 0; i < 500; ++i) {
        auto mine = pool.get();
        CHECK(++mine->users == 1);
        --mine->users;
        pool.put(std::move(mine));
      }
    });
  group.wait();
  CHECK(counted::alive <= 2);
}

int main() {
  limits_and_misuse();
  factory();
  stress();
  CHECK(counted::alive == 0);
}
