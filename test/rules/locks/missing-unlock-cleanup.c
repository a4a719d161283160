// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock,blocking-while-locked,exit-holding-lock %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %t ok
// RUN: %clang -std=gnu17 -pthread %s -o %t.plain
// RUN: %each_hangs %t.plain not_called_bad by_pointer_bad

// Handlers that are pushed for the case that the thread is cancelled, and called when they are
// popped.
#include "../scenarios.h"

#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int value;

static void unlock_it(void *given) { pthread_mutex_unlock(given); }

int popped_ok(void) {
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock_it, &lock);
  ++value;
  pthread_cleanup_pop(1);
  return 0;
}

// The library's function itself, pushed before the lock is taken.
int pushed_first_ok(void) {
  pthread_cleanup_push((void (*)(void *))pthread_mutex_unlock, &lock);
  pthread_mutex_lock(&lock);
  ++value;
  pthread_cleanup_pop(1);
  return 0;
}

int as_data_ok(void) {
  pthread_cleanup_push((void *)pthread_mutex_unlock, &lock);
  pthread_mutex_lock(&lock);
  ++value;
  pthread_cleanup_pop(1);
  usleep(1);
  return 0;
}

// And nothing is held behind it.
static void *pauses_behind(void *given) {
  pushed_first_ok();
  popped_ok();
  usleep(1000);
  return given;
}

void used_ok(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, pauses_behind, NULL);
  pushed_first_ok();
  popped_ok();
  as_data_ok();
  pthread_mutex_lock(&lock);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
}

int not_called(int fails) {
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock_it, &lock);
  ++value;
  pthread_cleanup_pop(0);
  if (fails)
    return -1; // expected-warning {{'lock' stays locked when 'not_called' ends here}}
  pthread_mutex_unlock(&lock);
  return 0;
}

void not_called_bad(void) {
  not_called(1);
  not_called(0);
}

int not_called_ok(int fails) {
  pthread_mutex_lock(&lock);
  pthread_cleanup_push(unlock_it, &lock);
  ++value;
  pthread_cleanup_pop(0);
  pthread_mutex_unlock(&lock);
  return fails ? -1 : 0;
}

void both_ok(void) {
  not_called_ok(0);
  not_called_ok(1);
}

// Local names of the library's functions.
int by_pointer(int fails) {
  int (*take)(pthread_mutex_t *) = pthread_mutex_lock;
  int (*give)(pthread_mutex_t *) = &pthread_mutex_unlock;
  take(&lock);
  ++value;
  if (fails)
    return -1; // expected-warning {{'lock' stays locked when 'by_pointer' ends here}}
  give(&lock);
  return 0;
}

void by_pointer_bad(void) {
  by_pointer(1);
  by_pointer(0);
}

// One of two: which, nobody knows.
int either_ok(int tries) {
  int (*take)(pthread_mutex_t *) = pthread_mutex_lock;
  if (tries)
    take = pthread_mutex_trylock;
  if (take(&lock) != 0)
    return -1;
  ++value;
  pthread_mutex_unlock(&lock);
  return 0;
}

SCENARIO_MAIN(SCENARIO(used_ok), SCENARIO(both_ok), SCENARIO(not_called_bad),
              SCENARIO(by_pointer_bad))
