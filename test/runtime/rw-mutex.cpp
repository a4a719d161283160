// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Readers share the lock, a writer has it alone, and neither side starves the other.
#include "check.h"
#include "heddle/heddle.h"

#include <atomic>
#include <mutex>
#include <shared_mutex>

using namespace std::chrono_literals;

static void readers_share() {
  heddle::rw_mutex mu;
  auto inside = heddle::make_channel<heddle::unit>();
  auto leave = heddle::make_channel<heddle::unit>();
  heddle::wait_group group;
  for (int i = 0; i < 3; ++i)
    group.go([&] {
      heddle::read_guard lock(mu);
      inside.send({});
      (void)leave.receive();
    });
  for (int i = 0; i < 3; ++i)
    CHECK(inside.receive());
  // All three are in: no writer, but another reader.
  if (mu.try_lock())
    CHECK(false);
  if (mu.try_lock_shared())
    mu.unlock_shared();
  else
    CHECK(false);
  leave.close();
  group.wait();
}

static void writer_is_alone() {
  heddle::rw_mutex mu;
  heddle::write_guard lock(mu);
  heddle::go([&] {
    CHECK(!mu.try_lock());
    CHECK(!mu.try_lock_shared());
  }).join();
}

// A waiting writer keeps new readers out, and goes before them; then those that wait go together.
static void writer_goes_before_new_readers() {
  heddle::rw_mutex mu;
  std::atomic<int> order = 0;
  mu.lock_shared();
  auto writer = heddle::go([&] {
    heddle::write_guard lock(mu);
    CHECK(order++ == 0);
  });
  for (bool waiting = false; !waiting;) {
    heddle::sleep_for(1ms);
    waiting = !mu.try_lock_shared();
    if (!waiting)
      mu.unlock_shared();
  }
  heddle::wait_group readers;
  for (int i = 0; i < 3; ++i)
    readers.go([&] {
      heddle::read_guard lock(mu);
      CHECK(order++ > 0);
    });
  CHECK(order == 0);
  mu.unlock_shared();
  writer.join();
  readers.wait();
  CHECK(order == 4);
}

// Readers that always overlap cannot keep a writer out, nor writers a reader.
static void nobody_starves() {
  heddle::rw_mutex mu;
  std::atomic<bool> stop = false;
  heddle::wait_group group;
  for (int i = 0; i < 3; ++i)
    group.go([&] {
      while (!stop)
        heddle::read_guard lock(mu);
    });
  for (int i = 0; i < 100; ++i)
    heddle::write_guard lock(mu);
  stop = true;
  group.wait();
}

static void with_std_guards() {
  heddle::rw_mutex mu;
  {
    std::shared_lock shared(mu);
    CHECK(shared.owns_lock());
  }
  std::unique_lock unique(mu);
  CHECK(unique.owns_lock());
}

int main() {
  readers_share();
  writer_is_alone();
  for (int i = 0; i < 10; ++i)
    writer_goes_before_new_readers();
  nobody_starves();
  with_std_guards();
}
