// RUN: %heddle_verify --checks=shared-object-mutation,unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t one_object_for_all_bad
// RUN: %t ok

// One object as the argument of several threads.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

struct job {
  pthread_mutex_t mutex;
  int state;
  int result;
};

static void *run_job(void *argument) {
  struct job *job = argument;
  job->state = 1; // expected-warning {{'job->state' is changed here}}
  return NULL;
}

void one_object_for_all_bad(void) {
  struct job job = {.state = 0};
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, run_job, &job);
  pthread_create(&second, NULL, run_job, &job);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static void *run_and_store(void *argument) {
  struct job *job = argument;
  job->result = 1;
  return NULL;
}

void one_object_each_ok(void) {
  struct job jobs[2] = {{.state = 0}, {.state = 0}};
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, run_and_store, &jobs[0]);
  pthread_create(&second, NULL, run_and_store, &jobs[1]);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static void *run_locked(void *argument) {
  struct job *job = argument;
  pthread_mutex_lock(&job->mutex);
  ++job->result;
  pthread_mutex_unlock(&job->mutex);
  return NULL;
}

void locked_ok(void) {
  struct job job = {.mutex = PTHREAD_MUTEX_INITIALIZER};
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, run_locked, &job);
  pthread_create(&second, NULL, run_locked, &job);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

SCENARIO_MAIN(SCENARIO(one_object_for_all_bad), SCENARIO(one_object_each_ok), SCENARIO(locked_ok))
