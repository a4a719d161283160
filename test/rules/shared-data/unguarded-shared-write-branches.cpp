// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t flag_decides_bad
// RUN: %race_found %t library_calls_are_no_order_bad
// RUN: %race_found %t unlocked_on_the_way_bad
// RUN: %t ok

// Where the way through a function decides who meets whom.
#include "../scenarios.h"

#include <cassert>
#include <cstdio>
#include <mutex>
#include <pthread.h>
#include <stdexcept>
#include <thread>

int by_index = 0;
pthread_barrier_t meeting;

void first_before_second_after(int index) {
  if (index == 0)
    ++by_index;
  pthread_barrier_wait(&meeting);
  if (index == 1)
    ++by_index;
}

void own_index_decides_ok() {
  pthread_barrier_init(&meeting, nullptr, 2);
  std::thread workers[2];
  for (int i = 0; i < 2; ++i)
    workers[i] = std::thread(first_before_second_after, i);
  for (int i = 0; i < 2; ++i)
    workers[i].join();
  pthread_barrier_destroy(&meeting);
}

struct shared_flag {
  bool count = true;
  int counted = 0;
};

void count_if_told(shared_flag *shared) {
  if (shared->count)
    ++shared->counted; // expected-warning {{'counted' is written}}
}

void flag_decides_bad() {
  shared_flag shared;
  std::thread worker(count_if_told, &shared);
  count_if_told(&shared);
  worker.join();
  std::printf("%d\n", shared.counted);
}

// Takes the lock in its constructor, and says so with assertions.
class asserting_guard {
public:
  explicit asserting_guard(std::mutex &mutex) : mutex_(mutex) { lock(); }
  ~asserting_guard() {
    if (locked_)
      unlock();
  }
  void lock() {
    assert(!locked_);
    mutex_.lock();
    locked_ = true;
  }
  void unlock() {
    assert(locked_);
    locked_ = false;
    mutex_.unlock();
  }

private:
  std::mutex &mutex_;
  bool locked_ = false;
};

std::mutex asserted_mutex;
int asserted = 0;

void count_asserted() {
  const asserting_guard guard(asserted_mutex);
  ++asserted;
}

void assertions_lose_no_lock_ok() {
  std::thread worker(count_asserted);
  count_asserted();
  worker.join();
}

int checked = 0;
std::mutex checked_mutex;

void count_checked(int n) {
  checked_mutex.lock();
  if (n < 0) {
    checked_mutex.unlock();
    throw std::invalid_argument("negative");
  }
  ++checked;
  checked_mutex.unlock();
}

void throwing_way_unlocks_ok() {
  std::thread worker(count_checked, 1);
  count_checked(2);
  worker.join();
}

pthread_mutex_t first_mutex;
pthread_mutex_t second_mutex;
int wrong_lock = 0;

void library_calls_are_no_order_bad() {
  pthread_mutex_init(&first_mutex, nullptr);
  pthread_mutex_init(&second_mutex, nullptr);
  std::thread worker([] {
    pthread_mutex_lock(&first_mutex);
    wrong_lock = 1; // expected-warning {{'wrong_lock' is written}}
    pthread_mutex_unlock(&first_mutex);
    pthread_mutex_destroy(&first_mutex);
  });
  pthread_mutex_lock(&second_mutex);
  wrong_lock = 2;
  pthread_mutex_unlock(&second_mutex);
  worker.join();
  pthread_mutex_destroy(&second_mutex);
}

int early = 0;
std::mutex early_mutex;

void unlocked_on_the_way_bad() {
  std::thread worker([] {
    std::unique_lock lock(early_mutex);
    if (lock.owns_lock())
      lock.unlock();
    early = 1; // expected-warning {{'early' is written}}
  });
  early = 2;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(flag_decides_bad), SCENARIO(library_calls_are_no_order_bad),
              SCENARIO(unlocked_on_the_way_bad), SCENARIO(own_index_decides_ok),
              SCENARIO(assertions_lose_no_lock_ok), SCENARIO(throwing_way_unlocks_ok))
