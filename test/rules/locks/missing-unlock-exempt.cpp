// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t forgets_bad
// RUN: timeout 60 %t ok

// What a function does to locks is not followed where its author says that it cannot be.
#include "../scenarios.h"

#include <mutex>
#include <span>

struct cell {
  std::mutex mutex;
  int value = 0;
};

class cells {
public:
  explicit cells(std::span<cell *> all) : all_(all) {}

  void lock() __attribute__((no_thread_safety_analysis)) {
    const cell *last = nullptr;
    for (cell *one : all_) {
      if (one != last)
        one->mutex.lock();
      last = one;
    }
  }

  void unlock() __attribute__((no_thread_safety_analysis)) {
    const cell *last = nullptr;
    for (cell *one : all_) {
      if (one != last)
        one->mutex.unlock();
      last = one;
    }
  }

private:
  std::span<cell *> all_;
};

int locked_set_ok(std::span<cell *> wanted, bool skip) {
  cells set(wanted);
  set.lock();
  if (skip) {
    set.unlock();
    return 0;
  }
  int value = wanted[0]->value;
  set.unlock();
  return value;
}

// Elsewhere a way out that forgets the lock is one.
std::mutex m;

int forgets_bad(bool skip) {
  m.lock();
  if (skip)
    return 0; // expected-warning {{'m' stays locked}}
  m.unlock();
  return 1;
}

#ifdef RUN
void locked_set() {
  cell one;
  cell *all[] = {&one, &one};
  locked_set_ok(all, true);
  locked_set_ok(all, false);
}

const scenario all[] = {
    {"forgets_bad", [] { forgets_bad(true); }, 1},
    {"locked_set_ok", [] { locked_set(); }, 1},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
#endif
