// RUN: %heddle_verify --checks=unguarded-shared-write,double-lock,missing-unlock %s --
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t other_mode_bad
// RUN: %race_found %t given_back_bad
// RUN: %t ok

// One function takes an element of a table of locks or gives it back, as its mode says.
#include "../scenarios.h"

#include <pthread.h>

static pthread_mutex_t table[4] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                   PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static long by_number, by_bit, otherwise, given_back;

enum { LOCK = 1, UNLOCK = 2 };

static void change(int mode, int which) {
  if (mode == LOCK)
    pthread_mutex_lock(&table[which]);
  else
    pthread_mutex_unlock(&table[which]);
}

static void change_by_bit(int mode, int which) {
  if (mode & LOCK)
    pthread_mutex_lock(&table[which]);
  else
    pthread_mutex_unlock(&table[which]);
}

static void take_only(int mode, int which) {
  if (mode == LOCK)
    pthread_mutex_lock(&table[which]);
}

static void give_only(int mode, int which) {
  if (mode == LOCK)
    pthread_mutex_unlock(&table[which]);
}

static void run_twice(void *(*run)(void *)) {
  pthread_t first, second;
  pthread_create(&first, NULL, run, NULL);
  pthread_create(&second, NULL, run, NULL);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static void *count_by_number(void *given) {
  change(LOCK, 3);
  ++by_number;
  change(UNLOCK, 3);
  return given;
}

static void number_ok(void) { run_twice(count_by_number); }

static void *count_by_bit(void *given) {
  change_by_bit(LOCK, 3);
  ++by_bit;
  change_by_bit(UNLOCK, 3);
  return given;
}

static void bit_ok(void) { run_twice(count_by_bit); }

static void *count_otherwise(void *given) {
  take_only(UNLOCK, 3);
  ++otherwise; // expected-warning {{'otherwise' is written here by several threads}}
  give_only(UNLOCK, 3);
  return given;
}

static void other_mode_bad(void) { run_twice(count_otherwise); }

static void *count_given_back(void *given) {
  change(LOCK, 3);
  change(UNLOCK, 3);
  ++given_back; // expected-warning {{'given_back' is written here by several threads}}
  return given;
}

static void given_back_bad(void) { run_twice(count_given_back); }

SCENARIO_MAIN(SCENARIO(number_ok), SCENARIO(bit_ok), SCENARIO(other_mode_bad),
              SCENARIO(given_back_bad))
