// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// While an exception unwinds a task's stack, destructors start tasks and wait for them, and other
// tasks that throw run on the same thread.
#include "check.h"
#include "heddle/heddle.h"

#include <exception>
#include <stdexcept>

using namespace std::chrono_literals;

struct waits {
  int exceptions = 0;
  ~waits() {
    CHECK(std::uncaught_exceptions() == exceptions);
    heddle::go([] {
      CHECK(std::uncaught_exceptions() == 0);
      heddle::sleep_for(100us);
    }).join();
    CHECK(std::uncaught_exceptions() == exceptions);
  }
};

static void throw_through() {
  const waits here{1};
  throw std::runtime_error("first");
}

static void throw_from_handler() {
  try {
    const waits here{1};
    throw 1;
  } catch (int) {
    const waits in_handler{1};
    heddle::yield();
    CHECK(std::current_exception());
    throw std::runtime_error("second");
  }
}

int main() {
  for (int i = 0; i < 20; ++i) {
    heddle::task one = heddle::go(throw_through);
    heddle::task two = heddle::go(throw_from_handler);
    CHECK(error_of<std::runtime_error>([&] { two.join(); }) == "second");
    CHECK(error_of<std::runtime_error>([&] { one.join(); }) == "first");
    heddle::error_group group(heddle::background());
    for (int j = 0; j < 4; ++j)
      group.go(throw_through);
    CHECK(error_of<std::runtime_error>([&] { group.wait(); }) == "first");
  }
  CHECK(heddle::leak_check(10s).empty());
}
