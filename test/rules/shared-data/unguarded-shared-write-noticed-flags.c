// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t told_too_early_bad
// RUN: %race_found %t asked_but_not_believed_bad
// RUN: %t ok

// Flags under locks in C, and functions that say what they found.
#include "../scenarios.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static pthread_t start(void *(*body)(void *)) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, NULL) != 0)
    abort();
  return thread;
}

enum state { idle, running, finished };
static enum state state;
static int outcome;

static void enter(enum state next) {
  pthread_mutex_lock(&mutex);
  state = next;
  pthread_mutex_unlock(&mutex);
}

static void *compute(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  state = running;
  pthread_mutex_unlock(&mutex);
  outcome = 42;
  pthread_mutex_lock(&mutex);
  state = finished;
  pthread_mutex_unlock(&mutex);
  return NULL;
}

/// Says by its result what it found.
static bool has_finished(void) {
  bool result = false;
  pthread_mutex_lock(&mutex);
  if (state == finished)
    result = true;
  pthread_mutex_unlock(&mutex);
  return result;
}

void one_of_several_states_ok(void) {
  enter(idle);
  pthread_t thread = start(compute);
  while (1) {
    pthread_mutex_lock(&mutex);
    if (state == finished) {
      pthread_mutex_unlock(&mutex);
      break;
    }
    pthread_mutex_unlock(&mutex);
    sched_yield();
  }
  outcome = 1;
  if (has_finished())
    outcome = 2;
  pthread_join(thread, NULL);
  printf("%d\n", outcome);
}

static enum state early_state;
static int early_outcome;

static void *compute_late(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  early_state = running;
  pthread_mutex_unlock(&mutex);
  usleep(20000);
  early_outcome = 42; // expected-warning {{'early_outcome' is written}}
  pthread_mutex_lock(&mutex);
  early_state = finished;
  pthread_mutex_unlock(&mutex);
  return NULL;
}

void told_too_early_bad(void) {
  pthread_t thread = start(compute_late);
  while (1) {
    pthread_mutex_lock(&mutex);
    if (early_state == running) {
      pthread_mutex_unlock(&mutex);
      early_outcome = 1;
      break;
    }
    if (early_state == finished) {
      pthread_mutex_unlock(&mutex);
      break;
    }
    pthread_mutex_unlock(&mutex);
    sched_yield();
  }
  pthread_join(thread, NULL);
  printf("%d\n", early_outcome);
}

static bool is_ready;
static int unbelieved;

static void *prepare(void *unused) {
  (void)unused;
  usleep(20000);
  unbelieved = 1; // expected-warning {{'unbelieved' is written}}
  pthread_mutex_lock(&mutex);
  is_ready = true;
  pthread_mutex_unlock(&mutex);
  return NULL;
}

// Goes on whatever it has found.
void asked_but_not_believed_bad(void) {
  pthread_t thread = start(prepare);
  pthread_mutex_lock(&mutex);
  const bool seen = is_ready;
  pthread_mutex_unlock(&mutex);
  if (!seen)
    sched_yield();
  unbelieved = 2;
  pthread_join(thread, NULL);
  printf("%d\n", unbelieved);
}

SCENARIO_MAIN(SCENARIO(one_of_several_states_ok), SCENARIO(told_too_early_bad),
              SCENARIO(asked_but_not_believed_bad))
