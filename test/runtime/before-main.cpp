// RUN: %runtime_cxx -O1 %s %runtime_lib -o %t
// RUN: %t && env HEDDLE_MAX_PROCS=1 %t 1 && env HEDDLE_MAX_PROCS=3 %t 3 && env HEDDLE_MAX_PROCS=100000 %t 100000
// RUN: env HEDDLE_MAX_PROCS=0 %t && env HEDDLE_MAX_PROCS=-1 %t && env HEDDLE_MAX_PROCS=abc %t && env HEDDLE_MAX_PROCS= %t
// Static objects use all of the runtime before main, and after it; with any number of processors.
// A number that is none is not taken.
#include "check.h"
#include "heddle/heddle.h"

#include <thread>

using namespace std::chrono_literals;

static auto numbers = heddle::make_channel<int>();
static heddle::task early = heddle::go([] {
  heddle::sleep_for(1ms);
  numbers.send(7);
});
static const int number = *numbers.receive();

static void work() {
  std::atomic<int> count = 0;
  heddle::wait_group group;
  for (int i = 0; i < 1000; ++i)
    group.go([&] {
      heddle::yield();
      ++count;
    });
  group.wait();
  CHECK(count == 1000);
  auto [ctx, cancel] = heddle::with_timeout(heddle::background(), 1ms);
  CHECK(!numbers.receive(ctx));
  cancel();
}

static struct whole_program {
  whole_program() { work(); }
  ~whole_program() { work(); }
} object;

int main(int count, char **arguments) {
  early.join();
  CHECK(number == 7);
  const std::size_t wanted =
      count > 1 ? std::stoul(arguments[1]) : std::thread::hardware_concurrency();
  CHECK(heddle::max_procs() == wanted);
  work();
}
