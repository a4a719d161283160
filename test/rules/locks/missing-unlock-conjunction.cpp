// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t kept_bad
// RUN: timeout 60 %t ok

// Attempts to lock that are one side of a condition, where both sides have met again.
#include "../scenarios.h"

#include <mutex>

std::mutex m;
int counter;
bool more();

void again_ok() {
  m.lock();
  do {
    ++counter;
    m.unlock();
  } while (more() && m.try_lock());
}

void either_ok() {
  m.lock();
  do {
    ++counter;
    m.unlock();
  } while (!(more() || !m.try_lock()));
}

void kept_bad() {
  m.lock();
  do {
    ++counter;
    m.unlock(); // expected-warning {{'m' is unlocked where the attempt to lock it has failed}}
  } while (more() && !m.try_lock());
  ++counter;
} // expected-warning {{'m' stays locked}}

#ifdef RUN
bool more() { return counter % 3 != 0; }

const scenario all[] = {
    {"kept_bad", kept_bad, 1},
    {"again_ok", again_ok, 1},
    {"either_ok", either_ok, 1},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
#endif
