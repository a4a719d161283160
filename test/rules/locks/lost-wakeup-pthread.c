// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DSCHEDULED %s -o %t
// RUN: %hangs %t lost_bad
// RUN: timeout 60 %t ok
// clang-format off: expectations stand on their lines

// The same with C atomics and pthreads. In the run the waiter, once it has looked, goes to sleep when
// it has been told.
#include "../scenarios.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

#ifdef SCHEDULED
static atomic_int waits_until_told, has_looked, is_told;
static void gap(void) {
  atomic_store(&has_looked, 1);
  while (atomic_load(&waits_until_told) && !atomic_load(&is_told))
    sched_yield();
}
static void wait_for_look(void) {
  while (!atomic_load(&has_looked))
    sched_yield();
}
static void told(void) { atomic_store(&is_told, 1); }
#else
static inline void gap(void) {}
static inline void wait_for_look(void) {}
static inline void told(void) {}
#endif

struct job {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  atomic_int done;
};

static void *waits(void *given) {
  struct job *j = given;
  pthread_mutex_lock(&j->mutex);
  while (!atomic_load(&j->done)) {
    gap();
    pthread_cond_wait(&j->changed, &j->mutex);
  }
  pthread_mutex_unlock(&j->mutex);
  return NULL;
}

void run_bad(struct job *j) {
  pthread_t thread;
  pthread_create(&thread, NULL, waits, j);
  wait_for_look();
  atomic_store(&j->done, 1); // expected-warning {{'j->done' is changed here without 'j->mutex'}}
  pthread_cond_signal(&j->changed);
  told();
  pthread_join(thread, NULL);
}

void run_ok(struct job *j) {
  pthread_t thread;
  pthread_create(&thread, NULL, waits, j);
  wait_for_look();
  pthread_mutex_lock(&j->mutex);
  atomic_store(&j->done, 1);
  pthread_mutex_unlock(&j->mutex);
  pthread_cond_signal(&j->changed);
  pthread_join(thread, NULL);
}

void set_before_the_start_ok(struct job *j) {
  pthread_t thread;
  atomic_store(&j->done, 1);
  pthread_create(&thread, NULL, waits, j);
  pthread_cond_signal(&j->changed);
  pthread_join(thread, NULL);
}

#ifdef SCHEDULED
static struct job shared = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void lost_bad(void) {
  atomic_store(&waits_until_told, 1);
  run_bad(&shared);
}
static void under_the_lock_ok(void) { run_ok(&shared); }

SCENARIO_MAIN(SCENARIO(lost_bad), SCENARIO(under_the_lock_ok))
#endif
