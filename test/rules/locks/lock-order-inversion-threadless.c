// RUN: %heddle_verify --checks=lock-order-inversion %s --
// RUN: %tsan_cc %s -o %t
// RUN: %deadlock_found %t both_orders_bad
// RUN: %t ok

// A unit that starts no thread: an order is a promise to those that may come.
#include "../scenarios.h"

#include <pthread.h>

static int count;

static void both_orders_bad(void) {
  pthread_mutex_t a, b;
  pthread_mutex_init(&a, NULL);
  pthread_mutex_init(&b, NULL);
  pthread_mutex_lock(&a);
  pthread_mutex_lock(&b);
  count++;
  pthread_mutex_unlock(&b);
  pthread_mutex_unlock(&a);
  pthread_mutex_lock(&b);
  pthread_mutex_lock(&a); // expected-warning {{'a' is locked here while 'b' is held}}
  count++;
  pthread_mutex_unlock(&a);
  pthread_mutex_unlock(&b);
  pthread_mutex_destroy(&a);
  pthread_mutex_destroy(&b);
}

static void one_order_ok(void) {
  pthread_mutex_t a, b;
  pthread_mutex_init(&a, NULL);
  pthread_mutex_init(&b, NULL);
  for (int i = 0; i < 2; i++) {
    pthread_mutex_lock(&a);
    pthread_mutex_lock(&b);
    count++;
    pthread_mutex_unlock(&b);
    pthread_mutex_unlock(&a);
  }
  pthread_mutex_destroy(&a);
  pthread_mutex_destroy(&b);
}

SCENARIO_MAIN(SCENARIO(both_orders_bad), SCENARIO(one_order_ok))
