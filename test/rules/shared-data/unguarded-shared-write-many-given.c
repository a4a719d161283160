// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t joined_by_the_helper_bad
// RUN: %race_found %t passed_on_twice_bad
// RUN: %race_found %t one_argument_for_all_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// A helper starts several threads that run what it was given: only its caller knows what they do
// beside each other.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

enum { workers = 4 };

static void run_all(void *(*body)(void *), void *argument) {
  pthread_t threads[workers];
  for (int i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, body, argument);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
}

static int hits;

static void *hit(void *unused) {
  ++hits; // expected-warning {{'hits' is written here by several threads}}
  return unused;
}

void joined_by_the_helper_bad(void) { run_all(hit, NULL); }

static int misses;

static void *miss(void *unused) {
  ++misses; // expected-warning {{'misses' is written here by several threads}}
  return unused;
}

static void run_without_argument(void *(*body)(void *)) { run_all(body, NULL); }

void passed_on_twice_bad(void) { run_without_argument(miss); }

struct job {
  int done;
};

static void *work(void *argument) {
  struct job *job = argument;
  ++job->done; // expected-warning {{done' is changed here by a task}}
  return NULL;
}

void one_argument_for_all_bad(void) {
  struct job job = {0};
  run_all(work, &job);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int guarded;

static void *count_guarded(void *unused) {
  pthread_mutex_lock(&mutex);
  ++guarded;
  pthread_mutex_unlock(&mutex);
  return unused;
}

void guarded_ok(void) { run_all(count_guarded, NULL); }

static void run_one_by_one(void *(*body)(void *)) {
  for (int i = 0; i < workers; ++i) {
    pthread_t thread;
    pthread_create(&thread, NULL, body, NULL);
    pthread_join(thread, NULL);
  }
}

static int turns;

static void *take_turn(void *unused) {
  ++turns;
  return unused;
}

void one_by_one_ok(void) { run_one_by_one(take_turn); }

// An object for each of them, however it is found.
static void *work_alone(void *argument) {
  struct job *job = argument;
  ++job->done;
  return NULL;
}

static void run_with_elements(void *(*body)(void *), struct job *jobs) {
  pthread_t threads[workers];
  for (int i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, body, &jobs[i]);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
}

void elements_ok(void) {
  struct job jobs[workers] = {0};
  run_with_elements(work_alone, jobs);
}

static void run_moving_on(void *(*body)(void *), struct job *job) {
  pthread_t threads[workers];
  for (int i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, body, job++);
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
}

void moved_on_ok(void) {
  struct job jobs[workers] = {0};
  run_moving_on(work_alone, jobs);
}

static void *work_and_free(void *argument) {
  work_alone(argument);
  free(argument);
  return NULL;
}

static void run_with_new(void *(*body)(void *), void *(*make)(void)) {
  pthread_t threads[workers];
  for (int i = 0; i < workers; ++i)
    pthread_create(&threads[i], NULL, body, make ? make() : calloc(1, sizeof(struct job)));
  for (int i = 0; i < workers; ++i)
    pthread_join(threads[i], NULL);
}

static void *make_job(void) { return calloc(1, sizeof(struct job)); }

void made_by_the_helper_ok(void) { run_with_new(work_and_free, NULL); }

void made_by_another_callback_ok(void) { run_with_new(work_and_free, make_job); }

SCENARIO_MAIN(SCENARIO(joined_by_the_helper_bad), SCENARIO(passed_on_twice_bad),
              SCENARIO(one_argument_for_all_bad), SCENARIO(guarded_ok), SCENARIO(one_by_one_ok),
              SCENARIO(elements_ok), SCENARIO(moved_on_ok), SCENARIO(made_by_the_helper_ok),
              SCENARIO(made_by_another_callback_ok))
