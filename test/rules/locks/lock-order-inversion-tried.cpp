// RUN: %heddle_verify --checks=lock-order-inversion,missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t adopted_bad
// RUN: %clangxx -std=c++20 -pthread %s -o %t.plain
// RUN: %each_hangs %t.plain keeps_one_bad once_more_bad
// RUN: %t ok

// Several locks that are tried at once are all held where the answer says so, and none elsewhere.
// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <mutex>
#include <thread>

std::mutex left, right, middle;
int count;

void adopt() {
  if (std::try_lock(left, right) == -1) {
    std::scoped_lock both(std::adopt_lock, left, right);
    std::lock_guard<std::mutex> hold(middle);
    ++count;
  }
}

void other_way() {
  std::lock_guard<std::mutex> hold(middle);
  std::lock_guard<std::mutex> first(left); // expected-warning {{'left' is locked here while 'middle' is held, and in 'adopt' it is the other way round}}
  ++count;
}

void adopted_bad() {
  std::thread first(adopt);
  std::thread second(other_way);
  first.join();
  second.join();
}

int give_back_ok() {
  int missed = std::try_lock(left, right);
  if (missed >= 0)
    return missed;
  ++count;
  left.unlock();
  right.unlock();
  return -1;
}

bool keep_one_bad(bool counts) {
  if (std::try_lock(left, right) != -1)
    return false;
  left.unlock();
  if (!counts)
    return true; // expected-warning {{'right' stays locked}}
  ++count;
  right.unlock();
  return true;
}

// Not run: not_got_bad: what an unlock does of a lock that somebody else has, nobody knows.
void not_got_bad() {
  if (std::try_lock(left, right) != -1) {
    right.unlock(); // expected-warning {{'right' is unlocked where the attempt to lock it has failed}}
    return;
  }
  left.unlock();
  right.unlock();
}

void once_more_bad() {
  if (std::try_lock(left, right) == -1) {
    left.lock(); // expected-warning {{'left' is locked again while this thread holds it}}
    left.unlock();
  }
}

void keeps_one_bad() {
  keep_one_bad(false);
  right.lock(); // expected-warning {{'right' is locked again while this thread holds it}}
} // expected-warning {{'right' is locked when 'keeps_one_bad' ends here}}

void given_back_ok() { give_back_ok(); }

SCENARIO_MAIN(SCENARIO(adopted_bad), SCENARIO(keeps_one_bad), SCENARIO(once_more_bad),
              SCENARIO(given_back_ok))
