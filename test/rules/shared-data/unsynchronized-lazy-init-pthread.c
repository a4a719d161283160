// RUN: %heddle_verify --checks=unsynchronized-lazy-init %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t pointer_bad
// RUN: %race_found %t flag_bad
// RUN: %race_found %t spawner_bad
// RUN: %t ok

// The same in C, with pthreads.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

static int *table;

static void *use_table(void *unused) {
  if (table == NULL)
    table = calloc(4, sizeof(int)); // expected-warning {{'table' is set here}}
  return unused;
}

void pointer_bad(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_table, NULL);
  pthread_create(&second, NULL, use_table, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int initialized;
static int values[4];

static void fill(void) { values[0] = 3; }

static void *use_values(void *unused) {
  if (!initialized) {
    fill();
    initialized = 1; // expected-warning {{'initialized' is set here}}
  }
  return unused;
}

void flag_bad(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_values, NULL);
  pthread_create(&second, NULL, use_values, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static char *name;

static void *use_name(void *unused) {
  if (!name)
    name = malloc(8); // expected-warning {{'name' is set here}}
  return unused;
}

void spawner_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, use_name, NULL);
  use_name(NULL);
  pthread_join(worker, NULL);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int *locked;

static void *use_locked(void *unused) {
  pthread_mutex_lock(&mutex);
  if (!locked)
    locked = malloc(4);
  pthread_mutex_unlock(&mutex);
  return unused;
}

void locked_ok(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_locked, NULL);
  pthread_create(&second, NULL, use_locked, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int *made_once;
static void make_once(void) {
  if (!made_once)
    made_once = malloc(4);
}
static void *use_once(void *unused) {
  pthread_once(&once, make_once);
  return made_once ? unused : NULL;
}

void once_ok(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_once, NULL);
  pthread_create(&second, NULL, use_once, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static __thread int *own;

static void *use_own(void *unused) {
  if (!own)
    own = malloc(4);
  free(own);
  own = NULL;
  return unused;
}

void thread_local_ok(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_own, NULL);
  pthread_create(&second, NULL, use_own, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int *before;

static void *use_before(void *unused) { return before ? unused : NULL; }

void before_ok(void) {
  if (!before)
    before = malloc(4);

  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, use_before, NULL);
  pthread_create(&second, NULL, use_before, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

SCENARIO_MAIN(SCENARIO(pointer_bad), SCENARIO(flag_bad), SCENARIO(spawner_bad), SCENARIO(locked_ok),
              SCENARIO(once_ok), SCENARIO(thread_local_ok), SCENARIO(before_ok))
