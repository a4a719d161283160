// RUN: %heddle_verify --checks=missing-unlock,double-lock,unlock-not-held %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t reset_bad
// RUN: timeout 60 %t ok

// Flags that closures capture by reference: what is seen to set them is followed, and asked twice
// with nothing in between they say the same.
#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <thread>

std::mutex m;
int counter, rounds;
std::function<void()> kept;

void told_ok() {
  bool taken = false;
  auto attempt = [&] { taken = m.try_lock(); };
  attempt();
  if (taken) {
    ++counter;
    m.unlock();
  }
}

void told_inside_ok() {
  bool taken = false;
  auto attempt = [&] {
    taken = m.try_lock();
    if (taken) {
      ++counter;
      m.unlock();
    }
  };
  attempt();
  attempt();
}

// Made from what it was before.
void any_of_ok() {
  bool any = false;
  auto once = [&] { any = any || rounds > 0; };
  once();
  once();
  if (any)
    m.lock();
  ++counter;
  if (any)
    m.unlock();
}

void only_read_ok() {
  bool must = rounds > 0;
  auto tell = [&] { return must ? 1 : 0; };
  if (must)
    m.lock();
  counter += tell();
  if (must)
    m.unlock();
}

void run_kept();

void stays_ok() {
  bool must = rounds > 0;
  kept = [&] { counter += must; };
  if (must)
    m.lock();
  run_kept();
  if (must)
    m.unlock();
}

// It is the closure that takes the lock, and tells of it.
void take(std::function<void()> how) { how(); }

void set_by_callee_ok() {
  bool taken = false;
  take([&] {
    m.lock();
    taken = true;
  });
  ++counter;
  if (taken)
    m.unlock();
}

void set_elsewhere_ok() {
  bool taken = false;
  kept = [&] {
    m.lock();
    taken = true;
  };
  run_kept();
  ++counter;
  if (taken)
    m.unlock();
}

void set_by_thread_ok() {
  bool must = false;
  std::thread decides([&] { must = rounds == 0; });
  decides.join();
  if (must)
    m.lock();
  ++counter;
  if (must)
    m.unlock();
}

bool reset(bool early) {
  bool any = early;
  auto again = [&] { any = rounds > 0; };
  if (any)
    m.lock();
  ++counter;
  again();
  if (any)
    m.unlock();
  return early; // expected-warning {{'m' stays locked when 'reset' ends here}}
}

void reset_bad() {
  reset(true);
  reset(true);
}

void run_kept() { kept(); }

const scenario all[] = {
    {"told_ok", told_ok},
    {"told_inside_ok", told_inside_ok},
    {"any_of_ok", any_of_ok},
    {"only_read_ok", only_read_ok},
    {"stays_ok", stays_ok},
    {"set_by_callee_ok", set_by_callee_ok},
    {"set_elsewhere_ok", set_elsewhere_ok},
    {"set_by_thread_ok", set_by_thread_ok},
    {"reset_bad", reset_bad},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
