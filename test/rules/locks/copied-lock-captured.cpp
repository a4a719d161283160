// RUN: %heddle_verify --checks=copied-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t by_value_bad
// RUN: %t ok

// Lambdas that capture a lock by value: what they take is another one.
#include "../scenarios.h"

#include <pthread.h>
#include <thread>

namespace {

int counter;

void by_value_bad() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::thread thread(
      [mutex]() mutable { // expected-warning {{this lambda captures a 'pthread_mutex_t' by value, and that is a lock: the copy is a lock of its own, which keeps out nobody who takes the first}}
        pthread_mutex_lock(&mutex);
        ++counter;
        pthread_mutex_unlock(&mutex);
      });
  pthread_mutex_lock(&mutex);
  ++counter;
  pthread_mutex_unlock(&mutex);
  thread.join();
}

void by_default_bad() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  auto add =
      [=]() mutable { // expected-warning {{this lambda captures a 'pthread_mutex_t' by value}}
        pthread_mutex_lock(&mutex);
        ++counter;
        pthread_mutex_unlock(&mutex);
      };
  pthread_mutex_lock(&mutex);
  ++counter;
  pthread_mutex_unlock(&mutex);
  add();
}

void by_reference_ok() {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::thread thread([&] {
    pthread_mutex_lock(&mutex);
    ++counter;
    pthread_mutex_unlock(&mutex);
  });
  pthread_mutex_lock(&mutex);
  ++counter;
  pthread_mutex_unlock(&mutex);
  thread.join();
}

// A lock of its own is all that the lambda needs.
void its_own_ok() {
  pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;
  auto add = [own = fresh]() mutable {
    pthread_mutex_lock(&own);
    ++counter;
    pthread_mutex_unlock(&own);
  };
  add();
}

} // namespace

SCENARIO_MAIN(SCENARIO(by_value_bad), SCENARIO(by_default_bad), SCENARIO(by_reference_ok),
              SCENARIO(its_own_ok))
