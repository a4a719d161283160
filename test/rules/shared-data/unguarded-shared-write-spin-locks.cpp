// RUN: %heddle_verify --checks=unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t around_the_section_bad
// RUN: %race_found %t after_the_flag_bad
// RUN: %race_found %t through_pointers_bad
// RUN: %race_found %t test_first_bad
// RUN: %t ok

// Locks that the program has made of atomic operations.
#include "../scenarios.h"

#include <atomic>
#include <mutex>
#include <thread>

class spin_lock {
public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  bool try_lock() { return !flag_.test_and_set(std::memory_order_acquire); }
  void unlock() { flag_.clear(std::memory_order_release); }

private:
  std::atomic_flag flag_ = ATOMIC_FLAG_INIT;
};

spin_lock spin;
int spun = 0, tried = 0, around = 0;

void spinning_ok() {
  std::thread worker([] {
    std::lock_guard<spin_lock> guard(spin);
    ++spun;
  });
  spin.lock();
  ++spun;
  spin.unlock();
  worker.join();
}

void trying_ok() {
  std::thread worker([] {
    if (spin.try_lock()) {
      ++tried;
      spin.unlock();
    }
  });
  spin.lock();
  ++tried;
  spin.unlock();
  worker.join();
}

void count_around() {
  ++around; // expected-warning {{'around' is written}}
  spin.lock();
  ++around;
  spin.unlock();
}

void around_the_section_bad() {
  std::thread worker(count_around);
  count_around();
  worker.join();
}

// A plain flag in the function itself.
std::atomic<int> held{0};
int behind_flag = 0, after_flag = 0;

void take() {
  int expected = 0;
  while (!held.compare_exchange_weak(expected, 1, std::memory_order_acquire))
    expected = 0;
}

void give() { held.store(0, std::memory_order_release); }

void count_behind_flag() {
  take();
  ++behind_flag;
  give();
}

void flag_ok() {
  std::thread worker(count_behind_flag);
  count_behind_flag();
  worker.join();
}

void count_after_flag() {
  take();
  give();
  ++after_flag; // expected-warning {{'after_flag' is written}}
}

void after_the_flag_bad() {
  std::thread worker(count_after_flag);
  count_after_flag();
  worker.join();
}

// Functions that are given the flag, as in C.
struct record {
  int lock = 0;
  int value = 0;
  int late = 0;
};
record shared;

void take_at(int *lock) {
  while (__sync_lock_test_and_set(lock, 1))
    while (__atomic_load_n(lock, __ATOMIC_RELAXED))
      std::this_thread::yield();
}

void give_at(int *lock) { __sync_lock_release(lock); }

void count_shared() {
  take_at(&shared.lock);
  ++shared.value;
  give_at(&shared.lock);
}

void through_pointers_ok() {
  std::thread worker(count_shared);
  count_shared();
  worker.join();
}

void count_late() {
  take_at(&shared.lock);
  give_at(&shared.lock);
  ++shared.late; // expected-warning {{'late' is written}}
}

void through_pointers_bad() {
  std::thread worker(count_late);
  count_late();
  worker.join();
}

// Looks before it asks, so as not to disturb who holds it.
class polite_lock {
public:
  void lock() {
    for (;;) {
      if (!held_.exchange(true))
        return;
      while (held_.load())
        std::this_thread::yield();
    }
  }
  bool try_lock() { return !held_.load() && !held_.exchange(true); }
  void unlock() { held_.store(false); }

private:
  std::atomic<bool> held_{false};
};

polite_lock polite;
int politely = 0, impolitely = 0;

void count_politely() {
  polite.lock();
  ++politely;
  polite.unlock();
  if (polite.try_lock()) {
    ++politely;
    polite.unlock();
  }
}

void test_first_ok() {
  std::thread worker(count_politely);
  count_politely();
  worker.join();
}

void count_impolitely() {
  polite.lock();
  polite.unlock();
  ++impolitely; // expected-warning {{'impolitely' is written}}
}

void test_first_bad() {
  std::thread worker(count_impolitely);
  count_impolitely();
  worker.join();
}

SCENARIO_MAIN(SCENARIO(spinning_ok), SCENARIO(trying_ok), SCENARIO(around_the_section_bad),
              SCENARIO(flag_ok), SCENARIO(after_the_flag_bad), SCENARIO(through_pointers_ok),
              SCENARIO(through_pointers_bad), SCENARIO(test_first_ok), SCENARIO(test_first_bad))
