// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=gnu11
// RUN: %clang -std=gnu11 -pthread %s -o %t
// RUN: %each_hangs %t next_element_bad other_order_bad
// RUN: timeout 60 %t ok

// The question is put to an element, to a function of the library, or in another order.
#include "../scenarios.h"

#include <pthread.h>
#include <string.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;
struct settings {
  int safe[4];
};

static void element(const struct settings *of, int i) {
  if (of->safe[i])
    pthread_mutex_lock(&m);
  n++;
  if (of->safe[i])
    pthread_mutex_unlock(&m);
}

static void text(const char *mode) {
  if (!strcmp(mode, "threaded"))
    pthread_mutex_lock(&m);
  n++;
  if (!strcmp(mode, "threaded"))
    pthread_mutex_unlock(&m);
}

static void order(int x, int y) {
  if (x < y)
    pthread_mutex_lock(&m);
  n++;
  if (y > x)
    pthread_mutex_unlock(&m);
}

static void equal(int x, int y) {
  if (x == y)
    pthread_mutex_lock(&m);
  n++;
  if (y != x)
    return;
  pthread_mutex_unlock(&m);
}

void same_again_ok(void) {
  struct settings of = {{0, 1}};
  for (int i = 0; i < 3; i++) {
    element(&of, i);
    order(i, 1);
    equal(i, 1);
  }
  text("threaded");
  text("");
}

static void next_element(const struct settings *of, int i) {
  if (of->safe[i])
    pthread_mutex_lock(&m);
  i++;
  if (of->safe[i])
    pthread_mutex_unlock(&m);
} // expected-warning {{'m' stays locked}}

void next_element_bad(void) {
  struct settings of = {{1, 0}};
  next_element(&of, 0);
}

static void other_order(int x, int y) {
  if (x < y)
    pthread_mutex_lock(&m);
  n++;
  if (x > y)
    pthread_mutex_unlock(&m);
} // expected-warning {{'m' stays locked}}

void other_order_bad(void) { other_order(1, 2); }

SCENARIO_MAIN(SCENARIO(same_again_ok), SCENARIO_TWICE(next_element_bad),
              SCENARIO_TWICE(other_order_bad))
