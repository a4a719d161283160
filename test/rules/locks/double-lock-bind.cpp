// RUN: %heddle_verify --checks=double-lock,missing-unlock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok
// RUN: %clangxx -std=c++20 -pthread %s -o %t.plain
// RUN: %hangs %t.plain bound_bad

// What std::bind has made, kept as it is.
#include "../scenarios.h"

#include <functional>
#include <mutex>

std::mutex lock;
int value = 0;

void give(std::mutex *held) { held->unlock(); }
void give_reference(std::mutex &held) { held.unlock(); }
void give_data(void *held) { static_cast<std::mutex *>(held)->unlock(); }
void take(std::mutex *free) { free->lock(); }

void bound_ok() {
  lock.lock();
  auto done = std::bind(give, &lock);
  ++value;
  done();
  lock.lock();
  lock.unlock();
}

void bound_reference_ok() {
  lock.lock();
  auto done = std::bind(give_reference, std::ref(lock));
  ++value;
  done();
  lock.lock();
  lock.unlock();
}

void bound_front_ok() {
  lock.lock();
  auto done = std::bind_front(give_data, &lock);
  ++value;
  done();
  lock.lock();
  lock.unlock();
}

void copied_ok() {
  lock.lock();
  auto done = std::bind(give, &lock);
  auto other = done;
  other();
  lock.lock();
  lock.unlock();
}

void bound_bad() {
  auto begin = std::bind(take, &lock);
  begin();
  ++value;
  lock.lock(); // expected-warning {{'lock' is locked again while this thread holds it}}
  lock.unlock();
  lock.unlock();
}
SCENARIO_MAIN(SCENARIO(bound_ok), SCENARIO(bound_reference_ok), SCENARIO(bound_front_ok),
              SCENARIO(copied_ok), SCENARIO(bound_bad))
