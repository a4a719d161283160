// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A task that blocks its thread, or computes without a pause, does not stall the others: with one
// processor, they are all that can end its wait.
#include "check.h"
#include "heddle/heddle.h"

#include <mutex>
#include <stdexcept>
#include <unistd.h>

// Reads from a pipe into which only a task that starts later writes.
static void system_call(bool announced) {
  int ends[2];
  CHECK(pipe(ends) == 0);
  heddle::task reader = heddle::go([=] {
    char byte = 0;
    const auto wait = [&] { return read(ends[0], &byte, 1); };
    CHECK((announced ? heddle::blocking(wait) : wait()) == 1);
    CHECK(byte == 'x');
  });
  heddle::go([=] {
    heddle::yield();
    CHECK(write(ends[1], "x", 1) == 1);
  }).join();
  reader.join();
  close(ends[0]);
  close(ends[1]);
}

// The holder of a std::mutex waits for a task while another blocks its thread on the mutex.
static void standard_mutex() {
  std::mutex mu;
  auto held = heddle::make_channel<heddle::unit>();
  auto release = heddle::make_channel<heddle::unit>();
  std::thread holder([&] {
    std::lock_guard lock(mu);
    held.send({});
    (void)release.receive();
  });
  (void)held.receive();
  heddle::task blocked = heddle::go([&] { std::lock_guard lock(mu); });
  heddle::go([&] { release.send({}); }).join();
  blocked.join();
  holder.join();
}

static void endless_computation() {
  std::atomic<bool> stop = false;
  heddle::task computing = heddle::go([&] {
    while (!stop) {
    }
  });
  heddle::go([&] { stop = true; }).join();
  computing.join();
}

// More at once than there are processors.
static void many() {
  int ends[2];
  CHECK(pipe(ends) == 0);
  heddle::wait_group group;
  for (int i = 0; i < 8; ++i)
    group.go([=] {
      char byte = 0;
      CHECK(read(ends[0], &byte, 1) == 1);
    });
  for (int i = 0; i < 8; ++i)
    heddle::go([=] { CHECK(write(ends[1], "x", 1) == 1); }).join();
  group.wait();
  close(ends[0]);
  close(ends[1]);
}

int main() {
  heddle::set_max_procs(1);
  CHECK(heddle::max_procs() == 1);
  CHECK(error_of<std::invalid_argument>([] { heddle::set_max_procs(0); }) ==
        "heddle: max_procs must be positive");
  system_call(true);
  system_call(false);
  standard_mutex();
  endless_computation();
  many();
}
