// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c11
// clang-format off: expectations stand on their lines

// Threads that one function starts and another one joins, by a handle in a struct or a global.
#include <pthread.h>

struct worker {
  pthread_t thread;
  int stop, jobs;
};

static void *run(void *given) {
  struct worker *self = given;
  while (!self->stop)
    self->jobs++;
  return 0;
}

int worker_start(struct worker *self) {
  self->stop = 0;
  return pthread_create(&self->thread, 0, run, self);
}

void worker_stop(struct worker *self) {
  self->stop = 1; // expected-warning {{'stop' is written here while another thread reads it; neither holds a lock}}
  pthread_join(self->thread, 0);
}

int worker_jobs_ok(struct worker *self) {
  pthread_join(self->thread, 0);
  return self->jobs;
}

static pthread_t ticker;
static int ticking, ticks;

static void *tick(void *unused) {
  while (ticking)
    ticks++;
  return unused;
}

int start_ticking(void) {
  ticking = 1;
  return pthread_create(&ticker, 0, tick, 0);
}

int stop_ticking(void) {
  ticking = 0; // expected-warning {{'ticking' is written here while another thread reads it; neither holds a lock}}
  pthread_join(ticker, 0);
  return ticks;
}
