// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t called_bad
// RUN: %race_found %t through_pointer_bad
// RUN: %t ok

// Members that are called by pointers to them.
#include "../scenarios.h"

#include <thread>

class counter {
public:
  void hit() { ++hits_; }    // expected-warning {{'}}
  void miss() { ++misses_; } // expected-warning {{'}}
  void skip() { ++skipped_; }
  int hits() const { return hits_; }

private:
  int hits_ = 0, misses_ = 0, skipped_ = 0;
};

void called_bad() {
  counter all;
  std::thread worker(&counter::hit, &all);
  void (counter::*step)() = &counter::hit;
  (all.*step)();
  worker.join();
}

void through_pointer_bad() {
  counter all;
  counter *pointer = &all;
  std::thread worker(&counter::miss, &all);
  void (counter::*step)() = &counter::miss;
  (pointer->*step)();
  worker.join();
}

void other_member_ok() {
  counter all;
  std::thread worker(&counter::skip, &all);
  int (counter::*look)() const = &counter::hits;
  (all.*look)();
  worker.join();
}

void other_object_ok() {
  counter all, own;
  std::thread worker(&counter::skip, &all);
  void (counter::*step)() = &counter::skip;
  (own.*step)();
  worker.join();
}

void joined_ok() {
  counter all;
  std::thread worker(&counter::skip, &all);
  worker.join();
  void (counter::*step)() = &counter::skip;
  (all.*step)();
}

SCENARIO_MAIN(SCENARIO(called_bad), SCENARIO(through_pointer_bad), SCENARIO(other_member_ok),
              SCENARIO(other_object_ok), SCENARIO(joined_ok))
