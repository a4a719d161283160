// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t stop_by_hand_bad
// RUN: timeout 10 %t ok

// Where there are destructors, the end of a cancelled thread runs them: guards are enough.
#include "../scenarios.h"

#include <mutex>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

std::mutex mutex;
sem_t started;
int value;

void *by_hand_bad(void *) {
  mutex.lock();
  ++value;
  sem_post(&started);
  sleep(10); // expected-warning {{may be cancelled here while it holds 'mutex'}}
  mutex.unlock();
  return nullptr;
}

void *by_guard_ok(void *) {
  std::lock_guard lock(mutex);
  ++value;
  sem_post(&started);
  sleep(10);
  return nullptr;
}

void look_afterwards() {
  std::lock_guard lock(mutex);
  value = 0;
}

void stop_by_hand_bad() {
  pthread_t bad;
  sem_init(&started, 0, 0);
  pthread_create(&bad, nullptr, by_hand_bad, nullptr);
  sem_wait(&started);
  pthread_cancel(bad);
  pthread_join(bad, nullptr);
  look_afterwards();
}

void stop_by_guard_ok() {
  pthread_t ok;
  sem_init(&started, 0, 0);
  pthread_create(&ok, nullptr, by_guard_ok, nullptr);
  sem_wait(&started);
  pthread_cancel(ok);
  pthread_join(ok, nullptr);
  look_afterwards();
}

SCENARIO_MAIN(SCENARIO(stop_by_hand_bad), SCENARIO(stop_by_guard_ok))
