// RUN: %heddle_verify --checks=unlock-not-held,missing-unlock,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -O1 -g -fsanitize=thread -pthread %s -o %t && %t ok
// clang-format off: expectations stand on their lines

// Hand over hand by a parameter: the lock that is given back at the end is not the caller's.
#include "../scenarios.h"

#include <mutex>

namespace {

struct node {
  std::mutex mutex;
  node *next = nullptr;
  int value = 0;
};

int declared_in_condition(node *at) {
  at->mutex.lock();
  while (node *next = at->next) {
    next->mutex.lock();
    at->mutex.unlock();
    at = next;
  }
  int last = at->value;
  at->mutex.unlock();
  return last;
}

int declared_in_body(node *at) {
  at->mutex.lock();
  while (at->next) {
    node *next = at->next;
    next->mutex.lock();
    at->mutex.unlock();
    at = next;
  }
  int last = at->value;
  at->mutex.unlock();
  return last;
}

int with_guards(node *at) {
  std::unique_lock<std::mutex> held(at->mutex);
  while (at->next) {
    std::unique_lock<std::mutex> next(at->next->mutex);
    at = at->next;
    held = std::move(next);
  }
  return at->value;
}

void gives_back(node *at) { at->mutex.unlock(); }

void walks_ok() {
  node first, second;
  first.next = &second;
  declared_in_condition(&first);
  declared_in_body(&first);
  with_guards(&first);
  first.mutex.lock();
  gives_back(&first);
}

void never_taken() {
  node only;
  declared_in_condition(&only);
  gives_back(&only); // expected-warning {{the call of 'gives_back' unlocks 'only.mutex'}}
}

} // namespace

// What never_taken does is not defined.
SCENARIO_MAIN(SCENARIO(walks_ok), SCENARIO(never_taken))
