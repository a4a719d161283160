// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t wrapper_released_bad
// RUN: %race_found %t own_guard_released_bad
// RUN: %race_found %t returned_guard_dropped_bad
// RUN: %t ok

// Locking that a project wraps: functions that lock, guards of its own, guards that are returned.
#include "../scenarios.h"

#include <mutex>
#include <thread>
#include <utility>

std::mutex state_mutex;

void lock_state() { state_mutex.lock(); }
void unlock_state() { state_mutex.unlock(); }

class state_guard {
public:
  state_guard() { state_mutex.lock(); }
  ~state_guard() { state_mutex.unlock(); }
  state_guard(const state_guard &) = delete;
  state_guard &operator=(const state_guard &) = delete;
};

class mutex_guard {
public:
  explicit mutex_guard(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~mutex_guard() { mutex_.unlock(); }
  mutex_guard(const mutex_guard &) = delete;
  mutex_guard &operator=(const mutex_guard &) = delete;

private:
  std::mutex &mutex_;
};

std::unique_lock<std::mutex> hold_state() { return std::unique_lock(state_mutex); }

int after_wrapper = 0;

void write_after_wrapper() {
  lock_state();
  unlock_state();
  ++after_wrapper; // expected-warning {{'after_wrapper' is written}}
}

void wrapper_released_bad() {
  std::thread first(write_after_wrapper);
  std::thread second(write_after_wrapper);
  first.join();
  second.join();
}

int after_own_guard = 0;

void write_after_own_guard() {
  {
    const state_guard guard;
  }
  ++after_own_guard; // expected-warning {{'after_own_guard' is written}}
}

void own_guard_released_bad() {
  std::thread first(write_after_own_guard);
  std::thread second(write_after_own_guard);
  first.join();
  second.join();
}

int guard_dropped = 0;

void write_with_dropped_guard() {
  (void)hold_state();
  ++guard_dropped; // expected-warning {{'guard_dropped' is written}}
}

void returned_guard_dropped_bad() {
  std::thread first(write_with_dropped_guard);
  std::thread second(write_with_dropped_guard);
  first.join();
  second.join();
}

int wrapped = 0;

void write_wrapped() {
  lock_state();
  ++wrapped;
  unlock_state();
}

void wrapper_functions_ok() {
  std::thread worker(write_wrapped);
  {
    const std::lock_guard lock(state_mutex);
    ++wrapped;
  }
  worker.join();
}

int own_guard = 0;

void write_under_own_guard() {
  const state_guard guard;
  ++own_guard;
}

void own_guard_ok() {
  std::thread worker(write_under_own_guard);
  write_under_own_guard();
  worker.join();
}

int guard_of_argument = 0;

void write_under_guard_of_argument() {
  const mutex_guard guard(state_mutex);
  ++guard_of_argument;
}

void own_guard_of_an_argument_ok() {
  std::thread worker(write_under_guard_of_argument);
  {
    const std::lock_guard lock(state_mutex);
    ++guard_of_argument;
  }
  worker.join();
}

int guard_returned = 0;

void write_under_returned_guard() {
  const auto lock = hold_state();
  ++guard_returned;
}

void returned_guard_ok() {
  std::thread worker(write_under_returned_guard);
  write_under_returned_guard();
  worker.join();
}

int by_callback = 0;

template <typename F> void with_state(F action) {
  const std::lock_guard lock(state_mutex);
  action();
}

void callback_under_lock_ok() {
  std::thread worker([] { with_state([] { ++by_callback; }); });
  with_state([] { ++by_callback; });
  worker.join();
}

class guarded_int {
public:
  template <typename F> void update(F action) {
    const std::lock_guard lock(mutex_);
    action(value_);
  }

private:
  std::mutex mutex_;
  int value_ = 0;
};

void value_with_its_mutex_ok() {
  guarded_int value;
  std::thread worker([&] { value.update([](int &n) { ++n; }); });
  value.update([](int &n) { n += 2; });
  worker.join();
}

int handed_over = 0;

void write_and_release(std::unique_lock<std::mutex> lock) {
  ++handed_over;
  lock.unlock();
}

void guard_passed_to_the_writer_ok() {
  std::thread worker([] { write_and_release(hold_state()); });
  write_and_release(hold_state());
  worker.join();
}

SCENARIO_MAIN(SCENARIO(wrapper_released_bad), SCENARIO(own_guard_released_bad),
              SCENARIO(returned_guard_dropped_bad), SCENARIO(wrapper_functions_ok),
              SCENARIO(own_guard_ok), SCENARIO(own_guard_of_an_argument_ok),
              SCENARIO(returned_guard_ok), SCENARIO(callback_under_lock_ok),
              SCENARIO(value_with_its_mutex_ok), SCENARIO(guard_passed_to_the_writer_ok))
