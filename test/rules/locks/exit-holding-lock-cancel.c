// RUN: %heddle_verify --checks=exit-holding-lock %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t stop_waiting_bad start_and_stop_bad
// RUN: timeout 10 %t ok

// Threads that are cancelled where they hold a lock, and those that have somebody give it back.
#include "../scenarios.h"

#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static sem_t started;
static int ready;

static void give_back(void *lock) { pthread_mutex_unlock(lock); }

static void *wait_bad(void *arg) {
  pthread_mutex_lock(&mutex);
  sem_post(&started);
  while (!ready)
    pthread_cond_wait(&changed, &mutex);
  // expected-warning@-1 {{may be cancelled here while it holds 'mutex'}}
  pthread_mutex_unlock(&mutex);
  return arg;
}

static void *wait_ok(void *arg) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(give_back, &mutex);
  sem_post(&started);
  while (!ready)
    pthread_cond_wait(&changed, &mutex);
  pthread_cleanup_pop(1);
  return arg;
}

static void pause_for_a_while(void) {
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  sleep(1); // expected-warning {{may be cancelled here while it holds 'arg->lock'}}
}

struct shared {
  pthread_mutex_t lock;
  int value;
};

static void *callee_bad(void *arg) {
  struct shared *s = arg;
  pthread_mutex_lock(&s->lock);
  ++s->value;
  pause_for_a_while();
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static void *callee_ok(void *arg) {
  struct shared *s = arg;
  pthread_mutex_lock(&s->lock);
  pthread_cleanup_push(give_back, &s->lock);
  pause_for_a_while();
  pthread_cleanup_pop(0);
  pthread_mutex_unlock(&s->lock);
  return NULL;
}

static void *between_sections_ok(void *arg) {
  for (;;) {
    pthread_mutex_lock(&mutex);
    ++ready;
    pthread_mutex_unlock(&mutex);
    pthread_testcancel();
  }
  return arg;
}

static void *not_cancelled_ok(void *arg) {
  pthread_mutex_lock(&mutex);
  sleep(1);
  pthread_mutex_unlock(&mutex);
  return arg;
}

static void look(struct shared *s) {
  pthread_mutex_lock(&s->lock);
  s->value = 0;
  pthread_mutex_unlock(&s->lock);
}

void start_and_stop(struct shared *s) {
  pthread_t bad, ok, between, untouched;
  pthread_create(&bad, NULL, callee_bad, s);
  pthread_create(&ok, NULL, callee_ok, s);
  pthread_create(&between, NULL, between_sections_ok, NULL);
  pthread_create(&untouched, NULL, not_cancelled_ok, NULL);
  pthread_cancel(bad);
  pthread_cancel(ok);
  pthread_cancel(between);
  pthread_join(bad, NULL);
  pthread_join(ok, NULL);
  pthread_join(between, NULL);
  pthread_join(untouched, NULL);
  look(s);
}

static void start_and_stop_bad(void) {
  static struct shared shared = {PTHREAD_MUTEX_INITIALIZER, 0};
  start_and_stop(&shared);
}

static void look_afterwards(void) {
  pthread_mutex_lock(&mutex);
  ready = 1;
  pthread_mutex_unlock(&mutex);
}

static void stop_waiting_bad(void) {
  pthread_t bad;
  sem_init(&started, 0, 0);
  pthread_create(&bad, NULL, wait_bad, NULL);
  sem_wait(&started);
  pthread_cancel(bad);
  pthread_join(bad, NULL);
  look_afterwards();
}

static void stop_waiting_ok(void) {
  pthread_t ok;
  sem_init(&started, 0, 0);
  pthread_create(&ok, NULL, wait_ok, NULL);
  sem_wait(&started);
  pthread_cancel(ok);
  pthread_join(ok, NULL);
  look_afterwards();
}

SCENARIO_MAIN(SCENARIO(stop_waiting_bad), SCENARIO(start_and_stop_bad), SCENARIO(stop_waiting_ok))
