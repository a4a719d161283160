// RUN: %heddle_verify --checks=unguarded-shared-write %s --
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t two_objects_bad
// RUN: %race_found %t too_early_bad
// RUN: %t ok

// A function and its argument, kept beside the handle of the thread that calls them.
#include "../scenarios.h"

#include <pthread.h>
#include <stddef.h>

struct timer {
  void (*step)(void *);
  void *argument;
  pthread_t thread;
};

static void *run(void *given) {
  struct timer *timer = given;
  for (int i = 0; i < 3; i++)
    timer->step(timer->argument);
  return NULL;
}

static void start(struct timer *timer, void (*step)(void *), void *argument) {
  timer->step = step;
  timer->argument = argument;
  pthread_create(&timer->thread, NULL, run, timer);
}

static void count_own(void *given) { ++*(int *)given; }

static void argument_ok(void) {
  struct timer timer;
  int count = 0;
  start(&timer, count_own, &count);
  pthread_join(timer.thread, NULL);
  ++count;
}

static int whole;

static void count_whole(void *unused) {
  (void)unused;
  ++whole;
}

static void global_ok(void) {
  struct timer timer;
  start(&timer, count_whole, NULL);
  pthread_join(timer.thread, NULL);
  ++whole;
}

static int both;

static void count_both(void *unused) {
  (void)unused;
  ++both; // expected-warning {{'both' is written here}}
}

static void two_objects_bad(void) {
  struct timer one, other;
  start(&one, count_both, NULL);
  start(&other, count_both, NULL);
  pthread_join(one.thread, NULL);
  pthread_join(other.thread, NULL);
}

static int early;

static void count_early(void *unused) {
  (void)unused;
  ++early; // expected-warning {{'early' is written here}}
}

static void too_early_bad(void) {
  struct timer timer;
  start(&timer, count_early, NULL);
  ++early;
  pthread_join(timer.thread, NULL);
}

SCENARIO_MAIN(SCENARIO(argument_ok), SCENARIO(global_ok), SCENARIO(two_objects_bad),
              SCENARIO(too_early_bad))
