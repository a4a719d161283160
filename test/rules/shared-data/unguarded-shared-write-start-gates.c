// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t written_after_the_gate_bad
// RUN: %race_found %t started_before_the_gate_bad
// RUN: %race_found %t gate_given_back_meanwhile_bad
// RUN: %race_found %t gate_passed_too_late_bad
// RUN: %race_found %t gate_passed_on_some_ways_bad
// RUN: %race_found %t passed_by_the_starter_bad
// RUN: %t ok

// Threads that wait for a lock which their starter holds from before they are started.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;

static pthread_t start(void *(*body)(void *), void *argument) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, body, argument) != 0)
    abort();
  return thread;
}

static void pass_gate(void) {
  pthread_mutex_lock(&gate);
  pthread_mutex_unlock(&gate);
}

static int size;

static void *use_size(void *unused) {
  (void)unused;
  pass_gate();
  return (void *)(long)size;
}

static void set_size(int to) { size = to; }

void gate_ok(void) {
  pthread_t threads[3];
  pthread_mutex_lock(&gate);
  for (int i = 0; i < 3; ++i)
    threads[i] = start(use_size, NULL);
  set_size(7);
  pthread_mutex_unlock(&gate);
  for (int i = 0; i < 3; ++i)
    pthread_join(threads[i], NULL);
}

static int written_late;

static void *use_written_late(void *unused) {
  (void)unused;
  pass_gate();
  return (void *)(long)written_late;
}

void written_after_the_gate_bad(void) {
  pthread_mutex_lock(&gate);
  pthread_t thread = start(use_written_late, NULL);
  pthread_mutex_unlock(&gate);
  written_late = 7; // expected-warning {{'written_late' is written}}
  pthread_join(thread, NULL);
}

static int started_early;

static void *use_started_early(void *unused) {
  (void)unused;
  pass_gate();
  return (void *)(long)started_early;
}

void started_before_the_gate_bad(void) {
  pthread_t thread = start(use_started_early, NULL);
  usleep(20000);
  pthread_mutex_lock(&gate);
  started_early = 7; // expected-warning {{'started_early' is written}}
  pthread_mutex_unlock(&gate);
  pthread_join(thread, NULL);
}

static int given_back, waiting;

static void *use_given_back(void *unused) {
  (void)unused;
  pthread_mutex_lock(&gate);
  waiting = 1;
  pthread_cond_signal(&opened);
  pthread_mutex_unlock(&gate);
  return (void *)(long)given_back;
}

static void give_back_for_a_while(void) {
  pthread_mutex_unlock(&gate);
  usleep(20000);
  pthread_mutex_lock(&gate);
}

void gate_given_back_meanwhile_bad(void) {
  pthread_mutex_lock(&gate);
  pthread_t thread = start(use_given_back, NULL);
  give_back_for_a_while();
  given_back = 7; // expected-warning {{'given_back' is written}}
  pthread_mutex_unlock(&gate);
  pthread_join(thread, NULL);
}

static int too_late;

static void *use_too_late(void *unused) {
  (void)unused;
  const int seen = too_late;
  pass_gate();
  return (void *)(long)seen;
}

void gate_passed_too_late_bad(void) {
  pthread_mutex_lock(&gate);
  pthread_t thread = start(use_too_late, NULL);
  too_late = 7; // expected-warning {{'too_late' is written}}
  pthread_mutex_unlock(&gate);
  pthread_join(thread, NULL);
}

static int on_some_ways;

static void *use_on_some_ways(void *argument) {
  if (argument)
    pass_gate();
  return (void *)(long)on_some_ways;
}

void gate_passed_on_some_ways_bad(void) {
  pthread_mutex_lock(&gate);
  pthread_t first = start(use_on_some_ways, NULL), second = start(use_on_some_ways, &gate);
  on_some_ways = 7; // expected-warning {{'on_some_ways' is written}}
  pthread_mutex_unlock(&gate);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static int by_starter;

static void *use_by_starter(void *unused) {
  (void)unused;
  return (void *)(long)by_starter;
}

// That the starter has had the lock says nothing of the thread.
void passed_by_the_starter_bad(void) {
  pass_gate();
  pthread_mutex_lock(&gate);
  pthread_t thread = start(use_by_starter, NULL);
  by_starter = 7; // expected-warning {{'by_starter' is written}}
  pthread_mutex_unlock(&gate);
  pthread_join(thread, NULL);
}

SCENARIO_MAIN(SCENARIO(gate_ok), SCENARIO(written_after_the_gate_bad),
              SCENARIO(started_before_the_gate_bad), SCENARIO(gate_given_back_meanwhile_bad),
              SCENARIO(gate_passed_too_late_bad), SCENARIO(gate_passed_on_some_ways_bad),
              SCENARIO(passed_by_the_starter_bad))
