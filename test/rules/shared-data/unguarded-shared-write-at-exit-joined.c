// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// expected-no-diagnostics

// What is called at the end comes after the threads that were joined; what fork calls, before those
// that are started later.
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int open_files, forks;

static void *serve(void *unused) {
  ++open_files;
  ++forks;
  return unused;
}

static void close_all(void) { --open_files; }
static void before_fork(void) { ++forks; }

int main(void) {
  pthread_t thread;
  atexit(close_all);
  pthread_atfork(before_fork, NULL, NULL);
  if (fork() == 0)
    return 0;
  pthread_create(&thread, NULL, serve, NULL);
  pthread_join(thread, NULL);
  return 0;
}
