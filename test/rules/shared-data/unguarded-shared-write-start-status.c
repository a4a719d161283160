// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s --
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t started_bad
// RUN: %race_found %t other_answer_bad
// RUN: %race_found %t asked_the_wrong_way_bad
// RUN: %race_found %t set_anew_bad
// RUN: %race_found %t started_by_another_bad
// RUN: %race_found %t handle_bad
// RUN: %t ok

// Where the start of a thread has failed, there is no thread: however its status is kept and asked.
#include "../scenarios.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <threads.h>
#include <unistd.h>

struct job {
  int count;
  pthread_mutex_t mutex;
};

static void *run(void *given) {
  struct job *job = given;
  usleep(1000);
  job->count++;
  free(job);
  return NULL;
}

static int run_c11(void *given) {
  run(given);
  return 0;
}

static struct job *make(void) { return calloc(1, sizeof(struct job)); }

static int start_with_status(void) {
  int status = 0;
  pthread_t thread;
  struct job *job = make();
  status = pthread_create(&thread, NULL, run, job);
  if (status != 0) {
    free(job);
    return status;
  }
  status = pthread_detach(thread);
  return status;
}

static void *count(void *given) {
  struct job *job = given;
  pthread_mutex_lock(&job->mutex);
  job->count++;
  pthread_mutex_unlock(&job->mutex);
  return NULL;
}

static int start_in_steps(struct job *job, pthread_t *thread) {
  int status = pthread_mutex_init(&job->mutex, NULL);
  if (status)
    return status;
  status = pthread_create(thread, NULL, count, job);
  if (status)
    pthread_mutex_destroy(&job->mutex);
  return status;
}

static void one_status_for_all_steps_ok(void) {
  struct job job = {0};
  pthread_t thread;
  if (start_in_steps(&job, &thread) == 0)
    pthread_join(thread, NULL);
  start_with_status();
}

static void constant_first_ok(void) {
  pthread_t thread;
  struct job *job = make();
  if (0 != pthread_create(&thread, NULL, run, job)) {
    free(job);
    return;
  }
  pthread_detach(thread);
}

// Not run: ThreadSanitizer does not know of these threads.
void constant_first_in_c11(void) {
  thrd_t other;
  struct job *job = make();
  if (thrd_success != thrd_create(&other, run_c11, job))
    free(job);
  else
    thrd_detach(other);
}

static void other_numbers_ok(void) {
  pthread_t thread;
  struct job *job = make();
  int status = pthread_create(&thread, NULL, run, job) ? -1 : 0;
  if (status < 0) {
    free(job);
    return;
  }
  pthread_detach(thread);
}

static void cases_ok(void) {
  pthread_t thread;
  struct job *job = make();
  switch (pthread_create(&thread, NULL, run, job)) {
  case 0:
    pthread_detach(thread);
    break;
  case EAGAIN:
  default:
    free(job);
  }
}

static void tries_again_ok(void) {
  pthread_t thread;
  struct job *job = make();
  int status;
  while ((status = pthread_create(&thread, NULL, run, job)) == EAGAIN)
    usleep(1000);
  if (status)
    free(job);
  else
    pthread_detach(thread);
}

static void maybe_started_ok(void) {
  pthread_t thread;
  struct job *job = make();
  int status = -1;
  if (job)
    status = pthread_create(&thread, NULL, run, job);
  if (status)
    free(job);
  else
    pthread_detach(thread);
}

static int written;

static void *write_it(void *unused) {
  usleep(1000);
  written++;
  return unused;
}

static void joined_if_started_ok(void) {
  pthread_t thread;
  int status = 0;
  status = pthread_create(&thread, NULL, write_it, NULL);
  if (!status)
    pthread_join(thread, NULL);
  written = 0;
}

static int second;

static void *write_second(void *unused) {
  usleep(1000);
  second++;
  return unused;
}

static void undone_ok(void) {
  pthread_t first, other;
  int status = pthread_create(&first, NULL, write_second, NULL);
  if (status)
    goto out;
  status = pthread_create(&other, NULL, write_it, NULL);
  if (status) {
    pthread_join(first, NULL);
    goto out;
  }
  pthread_join(other, NULL);
  pthread_join(first, NULL);
out:
  second = 0;
}

static int started;

static void *write_started(void *unused) {
  started++; // expected-warning {{'started' is written here while another thread writes it}}
  return unused;
}

// Zero says that there is a thread.
static void started_bad(void) {
  int status = 0;
  pthread_t thread;
  status = pthread_create(&thread, NULL, write_started, NULL);
  if (status == 0) {
    started = 2;
    pthread_join(thread, NULL);
  }
}

static int wrong;

static void *write_wrong(void *unused) {
  wrong++; // expected-warning {{'wrong' is written here while another thread writes it}}
  return unused;
}

// What is asked for was set from something else in between.
static void set_anew_bad(void) {
  pthread_t thread;
  int status = pthread_create(&thread, NULL, write_wrong, NULL);
  status = getppid();
  if (status)
    wrong = 2;
  pthread_join(thread, NULL);
}

static int asked;

static void *write_asked(void *unused) {
  asked++; // expected-warning {{'asked' is written here while another thread writes it}}
  return unused;
}

static void asked_the_wrong_way_bad(void) {
  pthread_t thread;
  if (0 == pthread_create(&thread, NULL, write_asked, NULL)) {
    asked = 2;
    pthread_join(thread, NULL);
  }
}

static int answered;

static void *write_answered(void *unused) {
  answered++; // expected-warning {{'answered' is written here while another thread writes it}}
  return unused;
}

// That it was not for want of memory does not say that it failed.
static void other_answer_bad(void) {
  pthread_t thread;
  int status = pthread_create(&thread, NULL, write_answered, NULL);
  if (status != EAGAIN)
    answered = 2;
  if (!status)
    pthread_join(thread, NULL);
}

// Functions of one's own that start a thread, and say whether they have.
static int start(pthread_t *thread, struct job *job) {
  if (pthread_create(thread, NULL, run, job) != 0)
    return -1;
  return 0;
}

struct worker {
  pthread_t thread;
};

static int handled;

static void *write_handled(void *unused) {
  usleep(1000);
  handled++;
  return unused;
}

static struct worker *start_worker(void) {
  struct worker *worker = malloc(sizeof *worker);
  if (pthread_create(&worker->thread, NULL, write_handled, NULL)) {
    free(worker);
    return NULL;
  }
  return worker;
}

static void started_by_another_ok(void) {
  pthread_t thread;
  struct job *job = make();
  int status = start(&thread, job);
  if (status != 0) {
    free(job);
    return;
  }
  pthread_detach(thread);
}

static void no_handle_no_thread_ok(void) {
  struct worker *worker = start_worker();
  if (worker) {
    pthread_join(worker->thread, NULL);
    free(worker);
  }
  handled = 0;
  pthread_t thread = 0;
  if (getppid() > 0)
    pthread_create(&thread, NULL, write_handled, NULL);
  if (thread)
    pthread_join(thread, NULL);
  handled = 0;
}

static int kept;

static void *write_kept(void *unused) {
  kept++; // expected-warning {{'kept' is written here while another thread writes it}}
  return unused;
}

static int start_kept(pthread_t *thread) {
  return pthread_create(thread, NULL, write_kept, NULL) != 0 ? -1 : 0;
}

static void started_by_another_bad(void) {
  pthread_t thread;
  if (start_kept(&thread) == 0) {
    kept = 2;
    pthread_join(thread, NULL);
  }
}

static int of_worker;

static void *write_of_worker(void *unused) {
  of_worker++; // expected-warning {{'of_worker' is written here while another thread writes it}}
  return unused;
}

static void handle_bad(void) {
  pthread_t thread = 0;
  pthread_create(&thread, NULL, write_of_worker, NULL);
  if (thread) {
    of_worker = 2;
    pthread_join(thread, NULL);
  }
}

SCENARIO_MAIN(SCENARIO(started_by_another_ok), SCENARIO(no_handle_no_thread_ok),
              SCENARIO(started_by_another_bad), SCENARIO(handle_bad),
              SCENARIO(one_status_for_all_steps_ok), SCENARIO(constant_first_ok),
              SCENARIO(other_numbers_ok), SCENARIO(cases_ok), SCENARIO(tries_again_ok),
              SCENARIO(maybe_started_ok), SCENARIO(joined_if_started_ok), SCENARIO(undone_ok),
              SCENARIO(started_bad), SCENARIO(set_anew_bad), SCENARIO(asked_the_wrong_way_bad),
              SCENARIO(other_answer_bad))
