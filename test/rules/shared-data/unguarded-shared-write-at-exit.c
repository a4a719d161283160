// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17

// What is called at the end, and by fork, meets the threads that still run.
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int open_files, forks, ticks, own_ticks;

static void *serve(void *unused) {
  ++open_files; // expected-warning {{'open_files' is written here while another thread}}
  ++forks;      // expected-warning {{'forks' is written here while another thread}}
  return unused;
}

static void close_all(void) { --open_files; }
static void before_fork(void) { ++forks; }

static void on_timer(union sigval value) {
  (void)value;
  ++ticks; // expected-warning {{'ticks' is written here while another thread}}
}

static void start_timer(void) {
  timer_t timer;
  struct sigevent event;
  memset(&event, 0, sizeof event);
  event.sigev_notify = SIGEV_THREAD;
  event.sigev_notify_function = on_timer;
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  ++ticks;
}

static void no_thread_ok(void) {
  timer_t timer;
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  timer_create(CLOCK_MONOTONIC, &event, &timer);
  ++own_ticks;
}

static void set_up(void) { atexit(close_all); }

int main(void) {
  pthread_t thread;
  set_up();
  pthread_atfork(before_fork, NULL, NULL);
  pthread_create(&thread, NULL, serve, NULL);
  if (fork() == 0)
    return 0;
  start_timer();
  no_thread_ok();
  pthread_detach(thread);
  return 0;
}
