// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Once runs one callable, all callers see what it did, and one that threw does not count.
#include "check.h"
#include "heddle/heddle.h"

#include <stdexcept>

int main() {
  for (int round = 0; round < 50; ++round) {
    heddle::once first;
    int value = 0; // no atomic: the race detector checks that the call happens before the others
    heddle::wait_group group;
    for (int i = 0; i < 6; ++i)
      group.go([&] {
        first.call([&] { ++value; });
        CHECK(value == 1);
      });
    group.wait();
    CHECK(value == 1);
  }

  heddle::once retry;
  const auto fail = [] { throw std::runtime_error("not yet"); };
  CHECK(error_of<std::runtime_error>([&] { retry.call(fail); }) == "not yet");
  bool ran = false;
  retry.call([&] { ran = true; });
  CHECK(ran);
  retry.call(fail);
}
