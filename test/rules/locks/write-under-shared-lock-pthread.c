// RUN: %heddle_verify --checks=write-under-shared-lock,unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t readers_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <pthread.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int entries, lookups, sum;

static void *look_up(void *unused) {
  pthread_rwlock_rdlock(&lock);
  ++lookups; // expected-warning {{'lookups' is written here while 'lock' is held for reading only; other readers are inside at the same time}}
  int found = entries;
  pthread_rwlock_unlock(&lock);
  (void)found;
  return unused;
}

static void *add(void *unused) {
  pthread_rwlock_wrlock(&lock);
  ++entries;
  sum += entries;
  pthread_rwlock_unlock(&lock);
  return unused;
}

static void *summarize(void *unused) {
  pthread_rwlock_rdlock(&lock);
  int both = sum + entries;
  pthread_rwlock_unlock(&lock);
  (void)both;
  return unused;
}

static void run(void *(*one)(void *), void *(*two)(void *)) {
  pthread_t first, second;
  pthread_create(&first, NULL, one, NULL);
  pthread_create(&second, NULL, two, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static void readers_bad(void) { run(look_up, look_up); }
static void writers_ok(void) { run(add, add); }
static void one_writer_ok(void) { run(add, summarize); }

SCENARIO_MAIN(SCENARIO(readers_bad), SCENARIO(writers_ok), SCENARIO(one_writer_ok))
