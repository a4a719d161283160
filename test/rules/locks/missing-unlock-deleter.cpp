// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: timeout 60 %t ok

// Smart pointers whose deleters unlock: scope guards in all but name.
#include "../scenarios.h"

#include <memory>
#include <mutex>
#include <utility>

namespace {

std::mutex m;
int counter;

struct Unlock {
  void operator()(std::mutex *held) const { held->unlock(); }
};
using Held = std::unique_ptr<std::mutex, Unlock>;

bool by_class_ok() {
  m.lock();
  Held held(&m);
  if (++counter > 1000)
    return false;
  ++counter;
  return true;
}

void by_class() { by_class_ok(); }

void by_lambda_ok() {
  m.lock();
  auto unlock = [](std::mutex *held) { held->unlock(); };
  std::unique_ptr<std::mutex, decltype(unlock)> held(&m, unlock);
  ++counter;
}

void of_nothing_ok() {
  m.lock();
  std::shared_ptr<void> held(nullptr, [](void *) { m.unlock(); });
  ++counter;
}

void captured(std::mutex &lock) {
  lock.lock();
  std::shared_ptr<void> held(nullptr, [&lock](void *) { lock.unlock(); });
  ++counter;
}

void captured_ok() { captured(m); }

// Who has it in the end is not followed.
Held handed_out() {
  m.lock();
  Held held(&m);
  ++counter;
  return held;
}

void released_ok() {
  m.lock();
  Held held(&m);
  ++counter;
  held.release();
  m.unlock();
}

void handed_out_ok() {
  Held held = handed_out();
  ++counter;
}

void of_no_lock_ok() {
  Held held(nullptr);
  ++counter;
}

void sometimes(bool locks) {
  if (locks)
    m.lock();
  Held held(locks ? &m : nullptr);
  ++counter;
}

void sometimes_ok() {
  sometimes(true);
  sometimes(false);
}

// Not run: by_hand_too_bad: what the second unlock does nobody can tell.
void by_hand_too_bad() {
  m.lock();
  Held held(&m);
  ++counter;
  m.unlock();
} // expected-warning {{unlocks 'm' a second time}}

const scenario all[] = {
    {"by_class_ok", by_class},
    {"by_lambda_ok", by_lambda_ok},
    {"of_nothing_ok", of_nothing_ok},
    {"captured_ok", captured_ok},
    {"released_ok", released_ok},
    {"handed_out_ok", handed_out_ok},
    {"of_no_lock_ok", of_no_lock_ok},
    {"sometimes_ok", sometimes_ok},
    {"by_hand_too_bad", by_hand_too_bad},
};

} // namespace

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
