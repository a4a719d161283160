// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -pthread %s -o %t
// RUN: %hangs %t returns_and_next_bad
// RUN: %hangs %t exits_and_next_bad
// RUN: %hangs %t gives_up_and_next_bad
// RUN: timeout 60 %t ok

// The ends of threads in C: return, pthread_exit, and the end of the process, which does not count.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
int counter;

static void *returns_bad(void *unused) {
  pthread_mutex_lock(&m);
  ++counter;
  return NULL; // expected-warning {{the thread that runs 'returns_bad' ends here while it holds 'm'}}
}

static void *exits_bad(void *unused) {
  pthread_mutex_lock(&m);
  if (counter > 3)
    pthread_exit(
        NULL); // expected-warning@-1 {{the thread that runs 'exits_bad' ends here while it holds 'm'}}
  pthread_mutex_unlock(&m);
  return NULL;
}

static void give_up(void) {
  pthread_mutex_lock(&m);
  ++counter;
  pthread_exit(NULL); // expected-warning {{the thread ends here while it holds 'm'}}
}

static void *gives_up(void *unused) {
  give_up();
  return NULL;
}

static void *exits_ok(void *unused) {
  pthread_mutex_lock(&m);
  ++counter;
  pthread_mutex_unlock(&m);
  pthread_exit(NULL);
}

static void *ends_process_ok(void *unused) {
  pthread_mutex_lock(&m);
  if (counter > 3)
    exit(1);
  pthread_mutex_unlock(&m);
  return NULL;
}

static void returns_and_next_bad(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, returns_bad, NULL);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&m);
}

static void exits_and_next_bad(void) {
  pthread_t thread;
  counter = 4;
  pthread_create(&thread, NULL, exits_bad, NULL);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&m);
}

static void gives_up_and_next_bad(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, gives_up, NULL);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&m);
}

static void in_order_ok(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, exits_ok, NULL);
  pthread_create(&threads[1], NULL, ends_process_ok, NULL);
  pthread_join(threads[0], NULL);
  pthread_join(threads[1], NULL);
  pthread_mutex_lock(&m);
  pthread_mutex_unlock(&m);
}

SCENARIO_MAIN(SCENARIO(returns_and_next_bad), SCENARIO(exits_and_next_bad),
              SCENARIO(gives_up_and_next_bad), SCENARIO(in_order_ok))
