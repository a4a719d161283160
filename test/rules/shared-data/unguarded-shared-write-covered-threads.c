// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t joined_after_the_section_bad
// RUN: %race_found %t beside_its_starter_bad
// RUN: %race_found %t two_in_one_section_bad
// RUN: %t ok

// Threads that run inside of a critical section of their starter: others have to wait for them.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void start(pthread_t *thread, void *(*body)(void *)) {
  if (pthread_create(thread, NULL, body, NULL) != 0)
    abort();
}

static int sum;

static void *add(void *unused) {
  ++sum;
  return unused;
}

static void *add_by_helper(void *unused) {
  pthread_mutex_lock(&mutex);
  pthread_t helper;
  start(&helper, add);
  pthread_join(helper, NULL);
  pthread_mutex_unlock(&mutex);
  return unused;
}

void inside_of_the_section_ok(void) {
  pthread_t first, second;
  start(&first, add_by_helper);
  start(&second, add_by_helper);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int total;

static void *add_to_total(void *unused) {
  ++total;
  return unused;
}

static void *add_under_lock(void *unused) {
  pthread_mutex_lock(&mutex);
  ++total;
  pthread_mutex_unlock(&mutex);
  return unused;
}

void beside_a_thread_with_the_lock_ok(void) {
  pthread_t other;
  start(&other, add_under_lock);
  pthread_mutex_lock(&mutex);
  pthread_t helper;
  start(&helper, add_to_total);
  pthread_join(helper, NULL);
  pthread_mutex_unlock(&mutex);
  pthread_join(other, NULL);
}

static int late;

static void *add_late(void *unused) {
  ++late; // expected-warning {{'late' is written}}
  return unused;
}

static void *join_late(void *unused) {
  pthread_mutex_lock(&mutex);
  pthread_t helper;
  start(&helper, add_late);
  pthread_mutex_unlock(&mutex);
  pthread_join(helper, NULL);
  return unused;
}

void joined_after_the_section_bad(void) {
  pthread_t first, second;
  start(&first, join_late);
  start(&second, join_late);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int with_starter;

static void *add_with_starter(void *unused) {
  ++with_starter; // expected-warning {{'with_starter' is written}}
  return unused;
}

void beside_its_starter_bad(void) {
  pthread_mutex_lock(&mutex);
  pthread_t helper;
  start(&helper, add_with_starter);
  ++with_starter;
  pthread_join(helper, NULL);
  pthread_mutex_unlock(&mutex);
}

static int by_two;

static void *add_by_two(void *unused) {
  ++by_two; // expected-warning {{'by_two' is written}}
  return unused;
}

void two_in_one_section_bad(void) {
  pthread_mutex_lock(&mutex);
  pthread_t first, second;
  start(&first, add_by_two);
  start(&second, add_by_two);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  pthread_mutex_unlock(&mutex);
}

SCENARIO_MAIN(SCENARIO(inside_of_the_section_ok), SCENARIO(beside_a_thread_with_the_lock_ok),
              SCENARIO(joined_after_the_section_bad), SCENARIO(beside_its_starter_bad),
              SCENARIO(two_in_one_section_bad))
