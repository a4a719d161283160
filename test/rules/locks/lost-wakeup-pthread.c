// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=gnu17
// clang-format off: expectations stand on their lines

// The same with C atomics and pthreads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct job {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  atomic_int done;
};

static void *waits(void *given) {
  struct job *j = given;
  pthread_mutex_lock(&j->mutex);
  while (!atomic_load(&j->done))
    pthread_cond_wait(&j->changed, &j->mutex);
  pthread_mutex_unlock(&j->mutex);
  return NULL;
}

void run_bad(struct job *j) {
  pthread_t thread;
  pthread_create(&thread, NULL, waits, j);
  atomic_store(&j->done, 1); // expected-warning {{'j->done' is changed here without 'j->mutex'}}
  pthread_cond_signal(&j->changed);
  pthread_join(thread, NULL);
}

void run_ok(struct job *j) {
  pthread_t thread;
  pthread_create(&thread, NULL, waits, j);
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
