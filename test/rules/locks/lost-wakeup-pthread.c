// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DSCHEDULED %s -o %t
// RUN: %each_hangs %t lost_bad quits_bad leaves_bad
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

// Functions that are handed the object, whoever calls them.
struct worker {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  atomic_int quits, rounds, left;
  int jobs;
};

int next_job(struct worker *w) {
  pthread_mutex_lock(&w->mutex);
  while (w->jobs == 0 && !w->quits) {
    gap();
    pthread_cond_wait(&w->changed, &w->mutex);
  }
  int job = w->jobs;
  pthread_mutex_unlock(&w->mutex);
  return job;
}

void quit_bad(struct worker *w) {
  w->quits = 1; // expected-warning {{'w->quits' is changed here without 'w->mutex'}}
  pthread_cond_broadcast(&w->changed);
}

void await_all(struct worker *w) {
  pthread_mutex_lock(&w->mutex);
  while (atomic_load(&w->left) > 0) {
    gap();
    pthread_cond_wait(&w->changed, &w->mutex);
  }
  pthread_mutex_unlock(&w->mutex);
}

void leave_bad(struct worker *w) {
  if (atomic_fetch_sub(&w->left, 1) == 1) // expected-warning {{'w->left' is changed here without 'w->mutex'}}
    pthread_cond_broadcast(&w->changed);
}

void quit_under_the_lock_ok(struct worker *w) {
  pthread_mutex_lock(&w->mutex);
  w->quits = 1;
  pthread_cond_broadcast(&w->changed);
  pthread_mutex_unlock(&w->mutex);
}

static void quit_for_caller_ok(struct worker *w) {
  w->quits = 1;
  pthread_cond_broadcast(&w->changed);
}

void quit_by_helper_ok(struct worker *w) {
  pthread_mutex_lock(&w->mutex);
  quit_for_caller_ok(w);
  pthread_mutex_unlock(&w->mutex);
}

void quit_past_the_lock_ok(struct worker *w) {
  w->quits = 1;
  pthread_mutex_lock(&w->mutex); // who has looked is asleep by now
  pthread_mutex_unlock(&w->mutex);
  pthread_cond_broadcast(&w->changed);
}

void count_ok(struct worker *w) {
  ++w->rounds; // nobody waits for it
  pthread_cond_broadcast(&w->changed);
}

static void *works(void *given) {
  next_job(given);
  return NULL;
}

void quit_before_the_start_ok(struct worker *w) {
  pthread_t thread;
  w->quits = 1;
  pthread_cond_broadcast(&w->changed); // from an earlier use
  pthread_create(&thread, NULL, works, w);
  pthread_join(thread, NULL);
}

void quit_other_ok(struct worker *w, struct worker *other) {
  other->quits = 1; // of another object
  pthread_cond_broadcast(&w->changed);
}

#ifdef SCHEDULED
static struct job shared = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};

static void lost_bad(void) {
  atomic_store(&waits_until_told, 1);
  run_bad(&shared);
}
static void under_the_lock_ok(void) { run_ok(&shared); }

static struct worker served = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0, 1, 0};

static void *looks_for_jobs(void *unused) {
  next_job(&served);
  return unused;
}

static void *looks_for_others(void *unused) {
  await_all(&served);
  return unused;
}

static void meet(void *(*waiter)(void *), void (*end)(struct worker *)) {
  pthread_t thread;
  atomic_store(&waits_until_told, 1);
  pthread_create(&thread, NULL, waiter, NULL);
  wait_for_look();
  end(&served);
  told();
  pthread_join(thread, NULL);
}

static void quits_bad(void) { meet(looks_for_jobs, quit_bad); }
static void leaves_bad(void) { meet(looks_for_others, leave_bad); }

// It may get the lock when the other is asleep, and no sooner.
static void quits_ok(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, looks_for_jobs, NULL);
  quit_under_the_lock_ok(&served);
  pthread_join(thread, NULL);
}

SCENARIO_MAIN(SCENARIO(lost_bad), SCENARIO(under_the_lock_ok), SCENARIO(quits_bad),
              SCENARIO(leaves_bad), SCENARIO(quits_ok))
#endif
