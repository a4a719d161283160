// RUN: %heddle_verify --checks=local-mutex %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t automatic_bad
// RUN: %race_found %t manual_bad
// RUN: %race_found %t each_thread_bad
// RUN: %t ok

// Mutexes that every call has for itself.
#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <functional>
#include <mutex>
#include <pthread.h>
#include <shared_mutex>
#include <thread>

long counter;

template <typename Function> void twice(Function work) {
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      work();
  });
  for (int i = 0; i < 1000; ++i)
    work();
  other.join();
}

// [example: bad]
void add_bad() {
  std::mutex m; // expected-warning {{every call of this function has a 'm' of its own}}
  std::lock_guard<std::mutex> lock(m);
  ++counter;
}
// [end]

void automatic_bad() { twice(add_bad); }

void manual_bad() {
  twice([] {
    std::mutex m; // expected-warning {{a 'm' of its own}}
    m.lock();
    ++counter;
    m.unlock();
  });
}

void each_thread_bad() {
  twice([] {
    thread_local std::mutex m; // expected-warning {{every thread has a 'm' of its own}}
    std::scoped_lock lock(m);
    ++counter;
  });
}

void print_bad(const char *text) {
  std::mutex output; // expected-warning {{a 'output' of its own}}
  std::unique_lock lock(output);
  std::puts(text);
  lock.unlock();
}

void pthread_bad() {
  pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER; // expected-warning {{a 'm' of its own}}
  pthread_mutex_lock(&m);
  ++counter;
  pthread_mutex_unlock(&m);
}

void initialized_bad() {
  pthread_mutex_t m; // expected-warning {{a 'm' of its own}}
  pthread_mutex_init(&m, nullptr);
  pthread_mutex_lock(&m);
  ++counter;
  pthread_mutex_unlock(&m);
  pthread_mutex_destroy(&m);
}

class account {
public:
  void deposit_bad(long amount) {
    std::shared_mutex m; // expected-warning {{a 'm' of its own}}
    std::unique_lock lock(m);
    balance_ += amount;
  }

private:
  long balance_ = 0;
};

template <typename T> void store_bad(T &to, T value) {
  std::mutex m; // expected-warning {{a 'm' of its own}}
  std::lock_guard lock(m);
  to = value;
}
void use_template(long &to) { store_bad(to, 1L); }

// [example: good]
void add_ok() {
  static std::mutex m;
  std::lock_guard<std::mutex> lock(m);
  ++counter;
}
// [end]

void one_for_all_ok() { twice(add_ok); }

void captured_ok() {
  std::mutex m;
  long sum = 0;
  std::thread other([&] {
    std::lock_guard lock(m);
    ++sum;
  });
  {
    std::lock_guard lock(m);
    ++sum;
  }
  other.join();
}

void worker(std::mutex &m) {
  std::lock_guard lock(m);
  ++counter;
}

void given_to_threads_ok() {
  std::mutex m;
  std::thread other(worker, std::ref(m));
  {
    std::lock_guard lock(m);
    ++counter;
  }
  other.join();
}

void given_to_a_callee_ok() {
  std::mutex m;
  worker(m);
  std::lock_guard lock(m);
  ++counter;
}

struct job {
  std::mutex *lock;
};

void address_taken_ok() {
  std::mutex m;
  job shared{&m};
  std::thread other([&shared] {
    std::lock_guard lock(*shared.lock);
    ++counter;
  });
  {
    std::lock_guard lock(m);
    ++counter;
  }
  other.join();
}

void sleep_until_notified_ok() {
  std::mutex m;
  std::condition_variable condition;
  std::unique_lock lock(m);
  condition.wait_for(lock, std::chrono::milliseconds(1));
  ++counter;
}

void try_it_out_ok() {
  std::mutex m;
  m.lock();
  m.unlock();
  if (m.try_lock())
    m.unlock();
  std::unique_lock lock(m);
}

void own_data_ok() {
  std::mutex m;
  long mine = 0;
  std::lock_guard lock(m);
  ++mine;
}

void guard_handed_on_ok(void (*with)(std::unique_lock<std::mutex> &)) {
  std::mutex m;
  std::unique_lock lock(m);
  with(lock);
  ++counter;
}

struct shared_state {
  std::mutex m;
  long sum = 0;
};

void member_of_a_local_ok() {
  shared_state state;
  std::thread other([&] {
    std::lock_guard lock(state.m);
    ++state.sum;
  });
  {
    std::lock_guard lock(state.m);
    ++state.sum;
  }
  other.join();
}

SCENARIO_MAIN(SCENARIO(automatic_bad), SCENARIO(manual_bad), SCENARIO(each_thread_bad),
              SCENARIO(one_for_all_ok), SCENARIO(captured_ok), SCENARIO(given_to_threads_ok),
              SCENARIO(given_to_a_callee_ok), SCENARIO(address_taken_ok),
              SCENARIO(member_of_a_local_ok))
