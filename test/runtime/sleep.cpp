// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// sleep_for sleeps to the end, or until its context is done; it says which.
#include "check.h"
#include "heddle/heddle.h"

using namespace std::chrono_literals;

int main() {
  const auto start = std::chrono::steady_clock::now();
  heddle::sleep_for(2ms);
  CHECK(std::chrono::steady_clock::now() - start >= 2ms);
  heddle::sleep_for(-1s);
  CHECK(heddle::sleep_for(heddle::background(), 1ms));

  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  CHECK(heddle::sleep_for(ctx, 1ms));
  heddle::task sleeper = heddle::go([ctx = ctx] { CHECK(!heddle::sleep_for(ctx, 24h)); });
  cancel();
  sleeper.join();
  CHECK(!heddle::sleep_for(ctx, 0s));
}
