// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Tasks wait inside catch blocks and go on on other threads; each keeps its own exception.
#include "check.h"
#include "heddle/heddle.h"

#include <stdexcept>

static void rethrow_after_waits(int number, heddle::receiver<int> ticks) {
  try {
    throw std::runtime_error(std::to_string(number));
  } catch (...) {
    for (int i = 0; i < 20; ++i) {
      CHECK(std::uncaught_exceptions() == 0);
      (void)ticks.receive();
      heddle::yield();
      try {
        throw;
      } catch (const std::runtime_error &current) {
        CHECK(current.what() == std::to_string(number));
      }
    }
  }
  CHECK(!std::current_exception());
}

int main() {
  auto ticks = heddle::make_channel<int>();
  heddle::wait_group group;
  for (int number = 0; number < 16; ++number)
    group.go([number, ticks] { rethrow_after_waits(number, ticks); });
  heddle::go([ticks] {
    for (int i = 0; i < 16 * 20; ++i)
      ticks.send(i);
  }).join();
  group.wait();
}
