// RUN: %heddle_verify --checks=destroyed-while-used %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t behind_the_barrier_bad
// RUN: %race_found %t pair_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// Barriers that are destroyed while another thread may not have left them.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_barrier_t *shared;

static void *comes(void *unused) {
  (void)unused;
  pthread_barrier_wait(shared);
  return NULL;
}

void behind_the_barrier_bad(void) {
  pthread_t thread;
  shared = malloc(sizeof *shared);
  pthread_barrier_init(shared, NULL, 2);
  pthread_create(&thread, NULL, comes, NULL);
  pthread_barrier_wait(shared);
  pthread_barrier_destroy(shared); // expected-warning {{is destroyed here while another thread may still be inside its wait}}
  pthread_join(thread, NULL);
  free(shared);
}

void behind_the_join_ok(void) {
  pthread_t thread;
  shared = malloc(sizeof *shared);
  pthread_barrier_init(shared, NULL, 2);
  pthread_create(&thread, NULL, comes, NULL);
  pthread_barrier_wait(shared);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(shared);
  free(shared);
}

struct pair {
  pthread_barrier_t start, end;
};

static void *comes_twice(void *given) {
  struct pair *p = given;
  pthread_barrier_wait(&p->start);
  pthread_barrier_wait(&p->end);
  return NULL;
}

void behind_the_next_barrier_ok(struct pair *p) {
  pthread_t thread;
  pthread_barrier_init(&p->start, NULL, 2);
  pthread_barrier_init(&p->end, NULL, 2);
  pthread_create(&thread, NULL, comes_twice, p);
  pthread_barrier_wait(&p->start);
  pthread_barrier_wait(&p->end);
  pthread_barrier_destroy(&p->start);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&p->end);
}

void member_bad(struct pair *p) {
  pthread_t thread;
  pthread_barrier_init(&p->start, NULL, 2);
  pthread_barrier_init(&p->end, NULL, 2);
  pthread_create(&thread, NULL, comes_twice, p);
  pthread_barrier_wait(&p->start);
  pthread_barrier_wait(&p->end);
  pthread_barrier_destroy(&p->end); // expected-warning {{'p->end' is destroyed here while another thread may still be inside its wait}}
  pthread_join(thread, NULL);
}

static void pair_bad(void) {
  struct pair p;
  member_bad(&p);
}

static void pair_ok(void) {
  struct pair p;
  behind_the_next_barrier_ok(&p);
}

SCENARIO_MAIN(SCENARIO(behind_the_barrier_bad), SCENARIO(pair_bad), SCENARIO(behind_the_join_ok),
              SCENARIO(pair_ok))
