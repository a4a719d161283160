// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=gnu17

// The same in C, with pthreads.
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

void work(void);
bool more_work(void);

static void *loop_for_ever(void *unused) {
  (void)unused;
  while (1) // expected-warning {{never ends}}
    work();
  return NULL;
}

void while_one_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, loop_for_ever, NULL);
  pthread_join(worker, NULL);
}

static void *sleep_for_ever(void *unused) {
  (void)unused;
  for (;;) { // expected-warning {{never ends}}
    work();
    sleep(1);
  }
}

void detached_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, sleep_for_ever, NULL);
  pthread_detach(worker);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int queued;

static void *consume_for_ever(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  do { // expected-warning {{never ends}}
    while (queued == 0)
      pthread_cond_wait(&condition, &mutex);
    --queued;
  } while (true);
}

void waiting_is_no_way_out_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, consume_for_ever, NULL);
  pthread_join(worker, NULL);
}

static void pump(void) {
  for (;;) // expected-warning {{never ends}}
    work();
}

static void *call_pump(void *unused) {
  pump();
  return unused;
}

void callee_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, call_pump, NULL);
  pthread_join(worker, NULL);
}

static void *exit_thread(void *unused) {
  while (1) {
    if (!more_work())
      pthread_exit(unused);
  }
}

void pthread_exit_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, exit_thread, NULL);
  pthread_join(worker, NULL);
}

static void *wait_to_be_cancelled(void *unused) {
  (void)unused;
  while (1)
    sleep(1); // a cancellation point
  return NULL;
}

void cancelled_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, wait_to_be_cancelled, NULL);
  pthread_cancel(worker);
  pthread_join(worker, NULL);
}

static atomic_bool stopping;

static void *run_until_flag(void *unused) {
  while (!stopping)
    work();
  return unused;
}

void flag_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, run_until_flag, NULL);
  stopping = true;
  pthread_join(worker, NULL);
}

static void *run_until_done(void *unused) {
  for (;;) {
    if (!more_work())
      return unused;
  }
}

void return_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, run_until_done, NULL);
  pthread_join(worker, NULL);
}

static void *exit_process(void *unused) {
  (void)unused;
  for (;;) {
    if (!more_work())
      exit(0);
  }
}

void exit_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, exit_process, NULL);
  pthread_join(worker, NULL);
}

static void *goto_out(void *unused) {
  for (;;) {
    for (;;) {
      if (!more_work())
        goto out;
    }
  }
out:
  return unused;
}

void goto_ok(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, goto_out, NULL);
  pthread_join(worker, NULL);
}

int main(void) {
  while (1)
    work();
}
