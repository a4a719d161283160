// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DSCHEDULED %s -o %t
// RUN: %hangs %t meet_bad
// RUN: timeout 60 %t ok

// The same in C, where the state lies in a struct that is handed around. The run lets the waiter
// look between the notification and the change.
#include "../scenarios.h"

#include <pthread.h>
#include <unistd.h>

#ifdef SCHEDULED
static void gap(void) { usleep(500000); }
#else
static inline void gap(void) {}
#endif

struct gate {
  pthread_mutex_t mutex;
  pthread_cond_t opened;
  pthread_cond_t closed;
  int open;
  int users;
};

void open_bad(struct gate *g) {
  pthread_cond_broadcast(&g->opened);
  // expected-warning@-1 {{'g->opened' is notified here before 'g->open' is changed}}
  gap();
  pthread_mutex_lock(&g->mutex);
  g->open = 1;
  pthread_mutex_unlock(&g->mutex);
}

void wait_open(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  while (!g->open)
    pthread_cond_wait(&g->opened, &g->mutex);
  pthread_mutex_unlock(&g->mutex);
}

void leave_ok(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  pthread_cond_signal(&g->closed);
  --g->users;
  pthread_mutex_unlock(&g->mutex);
}

void wait_empty(struct gate *g) {
  pthread_mutex_lock(&g->mutex);
  while (g->users)
    pthread_cond_wait(&g->closed, &g->mutex);
  pthread_mutex_unlock(&g->mutex);
}

#ifdef SCHEDULED
static struct gate shared = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER,
                             PTHREAD_COND_INITIALIZER, 0, 1};

static void *waits_for_open(void *unused) {
  wait_open(&shared);
  return unused;
}

static void *waits_for_empty(void *unused) {
  wait_empty(&shared);
  return unused;
}

static void meet(void *(*wait)(void *), void (*end)(struct gate *)) {
  pthread_t waiter;
  pthread_create(&waiter, NULL, wait, NULL);
  gap(); // the waiter sleeps
  end(&shared);
  pthread_join(waiter, NULL);
}

static void meet_bad(void) { meet(waits_for_open, open_bad); }
static void meet_ok(void) { meet(waits_for_empty, leave_ok); }

SCENARIO_MAIN(SCENARIO(meet_bad), SCENARIO(meet_ok))
#endif
