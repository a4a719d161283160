// RUN: %heddle_verify --checks=unsafe-double-checked-lock %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t pointer_bad
// RUN: %race_found %t flag_bad
// RUN: %t ok

// The same in C, with pthreads.
#include "../scenarios.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void in_two_threads(void *(*body)(void *)) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, body, NULL);
  pthread_create(&second, NULL, body, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int *table;

static int *get_table(void) {
  if (!table) { // expected-warning {{'table' is tested here without 'mutex'}}
    pthread_mutex_lock(&mutex);
    if (!table) {
      int *made = malloc(sizeof(int));
      *made = 5;
      table = made;
    }
    pthread_mutex_unlock(&mutex);
  }
  return table;
}

static void *use_table(void *unused) {
  (void)unused;
  return *get_table() == 5 ? NULL : unused;
}

void pointer_bad(void) { in_two_threads(use_table); }

static int initialized;
static int value;

static void initialize(void) {
  if (initialized == 0) { // expected-warning {{'initialized' is tested here without 'mutex'}}
    pthread_mutex_lock(&mutex);
    if (initialized == 0) {
      value = 7;
      initialized = 1;
    }
    pthread_mutex_unlock(&mutex);
  }
}

static void *use_value(void *unused) {
  initialize();
  return value == 7 ? NULL : unused;
}

void flag_bad(void) { in_two_threads(use_value); }

static _Atomic int is_ready;
static int ready_value;

static void *use_ready(void *unused) {
  if (!is_ready) {
    pthread_mutex_lock(&mutex);
    if (!is_ready) {
      ready_value = 7;
      is_ready = 1;
    }
    pthread_mutex_unlock(&mutex);
  }
  return ready_value == 7 ? NULL : unused;
}

void atomic_flag_ok(void) { in_two_threads(use_ready); }

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int once_value;
static void make_once(void) { once_value = 7; }
static void *use_once(void *unused) {
  pthread_once(&once, make_once);
  return once_value == 7 ? NULL : unused;
}

void once_ok(void) { in_two_threads(use_once); }

static atomic_int explicit_ready;
static int explicit_value;

static void *use_explicit(void *unused) {
  if (!atomic_load_explicit(&explicit_ready, memory_order_acquire)) {
    pthread_mutex_lock(&mutex);
    if (!atomic_load_explicit(&explicit_ready, memory_order_relaxed)) {
      explicit_value = 7;
      atomic_store_explicit(&explicit_ready, 1, memory_order_release);
    }
    pthread_mutex_unlock(&mutex);
  }
  return explicit_value == 7 ? NULL : unused;
}

void explicit_order_ok(void) { in_two_threads(use_explicit); }

SCENARIO_MAIN(SCENARIO(pointer_bad), SCENARIO(flag_bad), SCENARIO(atomic_flag_ok),
              SCENARIO(once_ok), SCENARIO(explicit_order_ok))
