// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread %s -o %t
// RUN: %t ok

// ThreadSanitizer does not get on with the thread that the C library keeps for timers.

// What a timer's thread is told by way of the value that stands beside its function.
#include "../scenarios.h"

#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct state {
  int fired;
  pthread_mutex_t lock;
};

static void wait_a_while(void) {
  struct timespec while_ = {0, 50 * 1000 * 1000};
  nanosleep(&while_, NULL);
}

static void arm(timer_t timer) {
  struct itimerspec soon = {{0, 0}, {0, 1000 * 1000}};
  timer_settime(timer, 0, &soon, NULL);
}

static void on_told(union sigval value) {
  struct state *told = value.sival_ptr;
  ++told->fired; // expected-warning {{while}}
}

void told_bad(void) {
  static struct state of = {0, PTHREAD_MUTEX_INITIALIZER};
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = on_told;
  event.sigev_value.sival_ptr = &of;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  arm(timer);
  wait_a_while();
  ++of.fired;
}

static void on_locked(union sigval value) {
  struct state *told = value.sival_ptr;
  pthread_mutex_lock(&told->lock);
  ++told->fired;
  pthread_mutex_unlock(&told->lock);
}

void locked_ok(void) {
  static struct state of = {0, PTHREAD_MUTEX_INITIALIZER};
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = on_locked;
  event.sigev_value.sival_ptr = &of;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  arm(timer);
  pthread_mutex_lock(&of.lock);
  ++of.fired;
  pthread_mutex_unlock(&of.lock);
  wait_a_while();
}

static void on_own(union sigval value) { ++((struct state *)value.sival_ptr)->fired; }

// Each has what is its own.
void own_ok(void) {
  static struct state of, other;
  struct sigevent event;
  timer_t timer;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = on_own;
  event.sigev_value.sival_ptr = &of;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  arm(timer);
  ++other.fired;
  wait_a_while();
}

SCENARIO_MAIN(SCENARIO(told_bad), SCENARIO(locked_ok), SCENARIO(own_ok))
