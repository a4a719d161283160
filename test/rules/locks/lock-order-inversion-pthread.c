// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %deadlock_found %t threads_bad
// RUN: %deadlock_found %t local_bad
// RUN: %deadlock_found %t heap_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;

static void *a_then_b(void *unused) {
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void *b_then_a(void *unused) {
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // expected-warning {{'a' is locked here while 'b' is held, and in 'a_then_b' it is the other way round; the thread that runs 'b_then_a' and the thread that runs 'a_then_b' can wait for each other for ever}}
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  return unused;
}

static void threads_bad(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, a_then_b, NULL);
  pthread_create(&two, NULL, b_then_a, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
}

// A thread has one order while its starter has the other one.
struct two_locks {
  pthread_mutex_t x, y;
};

static void *x_then_y(void *given) {
  struct two_locks *locks = given;
  pthread_mutex_lock(&locks->x);
  pthread_mutex_lock(&locks->y);
  pthread_mutex_unlock(&locks->y);
  pthread_mutex_unlock(&locks->x);
  return NULL;
}

static void y_then_x(struct two_locks *locks) {
  pthread_mutex_lock(&locks->y);
  pthread_mutex_lock(&locks->x); // expected-warning {{'locks.x' is locked here while 'locks.y' is held, and in 'x_then_y' it is the other way round; the thread in 'local_bad' and the thread that runs 'x_then_y' can wait for each other for ever}}
  pthread_mutex_unlock(&locks->x);
  pthread_mutex_unlock(&locks->y);
}

static void local_bad(void) {
  struct two_locks locks;
  pthread_mutex_init(&locks.x, NULL);
  pthread_mutex_init(&locks.y, NULL);
  pthread_t other;
  pthread_create(&other, NULL, x_then_y, &locks);
  y_then_x(&locks);
  pthread_join(other, NULL);
  pthread_mutex_destroy(&locks.x);
  pthread_mutex_destroy(&locks.y);
}

static void heap_bad(void) {
  struct two_locks *locks = malloc(sizeof *locks);
  pthread_mutex_init(&locks->x, NULL);
  pthread_mutex_init(&locks->y, NULL);
  pthread_t other;
  pthread_create(&other, NULL, x_then_y, locks);
  y_then_x(locks);
  pthread_join(other, NULL);
  free(locks);
}

static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER, d = PTHREAD_MUTEX_INITIALIZER;

static void *c_then_d(void *unused) {
  pthread_mutex_lock(&c);
  pthread_mutex_lock(&d);
  pthread_mutex_unlock(&d);
  pthread_mutex_unlock(&c);
  return unused;
}

static void *d_tries_c(void *unused) {
  pthread_mutex_lock(&d);
  while (pthread_mutex_trylock(&c) != 0) {
    // Whoever has it may need the other one.
    pthread_mutex_unlock(&d);
    pthread_mutex_lock(&d);
  }
  pthread_mutex_unlock(&c);
  pthread_mutex_unlock(&d);
  return unused;
}

static void back_off_ok(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, c_then_d, NULL);
  pthread_create(&two, NULL, d_tries_c, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
}

SCENARIO_MAIN(SCENARIO(threads_bad), SCENARIO(local_bad), SCENARIO(heap_bad), 
              SCENARIO(back_off_ok))
