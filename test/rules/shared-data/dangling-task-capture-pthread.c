// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=gnu17

// The address of a local variable as the argument of a thread that nobody waits for.
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

struct job {
  int state;
  sem_t done;
};

static void *run_job(void *argument) {
  struct job *job = argument;
  job->state = 1;
  return NULL;
}

void detached_bad(void) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job); // expected-warning {{'job' may be gone}}
  pthread_detach(worker);
}

void never_joined_bad(void) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job); // expected-warning {{'job' may be gone}}
}

int early_return_bad(int stop) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job); // expected-warning {{'job' may be gone}}
  if (stop)
    return 1;
  pthread_join(worker, NULL);
  return 0;
}

// The failure is told, and what comes then is the same as if there were a thread.
void failure_only_told_bad(void) {
  struct job job = {0};
  pthread_t worker;
  // expected-warning@+1 {{'job' may be gone}}
  if (pthread_create(&worker, NULL, run_job, &job) != 0)
    perror("pthread_create");
}

static pthread_t kept;

void kept_in_a_global_bad(void) {
  struct job job = {0};
  pthread_create(&kept, NULL, run_job, &job); // expected-warning {{'job' may be gone}}
}

void joined_ok(void) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job);
  pthread_join(worker, NULL);
}

int joined_if_created_ok(void) {
  struct job job = {0};
  pthread_t worker;
  if (pthread_create(&worker, NULL, run_job, &job) != 0)
    return 1;
  pthread_join(worker, NULL);
  return 0;
}

void started_and_joined_on_one_condition_ok(int parallel) {
  struct job job = {0};
  pthread_t worker;
  if (parallel)
    pthread_create(&worker, NULL, run_job, &job);
  puts("working");
  if (parallel)
    pthread_join(worker, NULL);
}

void joined_in_loops_ok(int count) {
  struct job jobs[8];
  pthread_t workers[8];
  for (int i = 0; i < count; ++i)
    pthread_create(&workers[i], NULL, run_job, &jobs[i]);
  for (int i = 0; i < count; ++i)
    pthread_join(workers[i], NULL);
}

static void *run_and_post(void *argument) {
  struct job *job = argument;
  job->state = 1;
  sem_post(&job->done);
  return NULL;
}

void semaphore_waited_for_ok(void) {
  struct job job = {0};
  pthread_t worker;
  sem_init(&job.done, 0, 0);
  pthread_create(&worker, NULL, run_and_post, &job);
  pthread_detach(worker);
  sem_wait(&job.done);
}

static void *run_and_free(void *argument) {
  struct job *job = argument;
  job->state = 1;
  free(job);
  return NULL;
}

void allocated_ok(void) {
  struct job *job = calloc(1, sizeof *job);
  pthread_t worker;
  pthread_create(&worker, NULL, run_and_free, job);
  pthread_detach(worker);
}

void static_ok(void) {
  static struct job job;
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job);
  pthread_detach(worker);
}

static void *look_at_number(void *argument) {
  printf("%ld\n", (long)argument);
  return NULL;
}

void number_as_pointer_ok(void) {
  long number = 3;
  pthread_t worker;
  pthread_create(&worker, NULL, look_at_number, (void *)number);
  pthread_detach(worker);
}

void join_later(pthread_t worker);

void unseen_code_gets_the_handle_ok(void) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job);
  join_later(worker);
}

int main(void) {
  struct job job = {0};
  pthread_t worker;
  pthread_create(&worker, NULL, run_job, &job);
  pthread_exit(NULL);
}
