// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t beside_bad
// RUN: %deadlock_found %t given_beside_bad
// RUN: %deadlock_found %t joined_too_late_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Locks in both orders, where nobody else has them at that time: no thread knows the objects, or
// the one that does has been joined. ThreadSanitizer compares orders whatever keeps the threads
// apart, so that the good ones only have to end.
// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <memory>
#include <mutex>
#include <thread>

namespace {

struct Pair {
  std::mutex a, b;
  int count = 0;
};

void forwards(Pair &pair) {
  std::lock_guard<std::mutex> outer(pair.a);
  std::lock_guard<std::mutex> inner(pair.b);
  ++pair.count;
}

void backwards(Pair &pair) {
  std::lock_guard<std::mutex> outer(pair.b);
  std::lock_guard<std::mutex> inner(pair.a); // expected-warning {{'pair.a' is locked here while 'pair.b' is held}}
  ++pair.count;
}

void beside_bad() {
  std::mutex a, b;
  int count = 0;
  std::thread other([&] {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++count;
  });
  {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a); // expected-warning {{'a' is locked here while 'b' is held}}
    ++count;
  }
  other.join();
}

void given_beside_bad() {
  Pair pair;
  std::thread other([&] { forwards(pair); });
  backwards(pair);
  other.join();
}

// The first thread is joined, the second is not.
void joined_too_late_bad() {
  Pair pair;
  std::thread one([&] { forwards(pair); });
  std::thread two([&] { forwards(pair); });
  one.join();
  backwards(pair);
  two.join();
}

// Near misses.
void no_thread_ok() {
  std::mutex a, b;
  int count = 0;
  {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++count;
  }
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
  ++count;
}

void no_thread_on_heap_ok() {
  auto pair = std::make_unique<Pair>();
  forwards(*pair);
  backwards(*pair);
}

void joined_before_ok() {
  std::mutex a, b;
  int count = 0;
  std::thread other([&] {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++count;
  });
  other.join();
  std::lock_guard<std::mutex> outer(b);
  std::lock_guard<std::mutex> inner(a);
  ++count;
}

void forwards_in_thread(Pair &pair) {
  std::thread other([&] { forwards(pair); });
  other.join();
}

void joined_in_callee_ok() {
  Pair pair;
  forwards_in_thread(pair);
  backwards(pair);
}

void backwards_after_thread(Pair &pair) {
  forwards_in_thread(pair);
  std::lock_guard<std::mutex> outer(pair.b);
  std::lock_guard<std::mutex> inner(pair.a);
  ++pair.count;
}

void both_in_callee_ok() {
  Pair pair;
  backwards_after_thread(pair);
}

void joined_one_by_one_ok() {
  Pair pair;
  {
    std::jthread one([&] { forwards(pair); });
  }
  std::jthread two([&] { backwards(pair); });
}

void other_objects_ok() {
  Pair mine, hers;
  std::thread other([&] { forwards(hers); });
  backwards(mine);
  other.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(beside_bad), SCENARIO(given_beside_bad), SCENARIO(joined_too_late_bad),
              SCENARIO(no_thread_ok), SCENARIO(no_thread_on_heap_ok), SCENARIO(joined_before_ok),
              SCENARIO(joined_in_callee_ok), SCENARIO(both_in_callee_ok),
              SCENARIO(joined_one_by_one_ok), SCENARIO(other_objects_ok))
