// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20

// What a function does to locks is not followed where its author says that it cannot be.
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
