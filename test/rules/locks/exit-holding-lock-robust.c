// RUN: %heddle_verify --checks=exit-holding-lock,blocking-while-locked %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread %s -o %t
// RUN: timeout 60 %t

// A robust mutex tells its next owner that the last one has died with it: leaving it is no fault.
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t robust, recursive, described;
static int counter;

static void *dies_ok(void *unused) {
  pthread_mutex_lock(&robust);
  ++counter;
  return NULL;
}

static void *exits_ok(void *unused) {
  pthread_mutex_lock(&robust);
  ++counter;
  pthread_exit(NULL);
}

static void *described_elsewhere_ok(void *unused) {
  pthread_mutex_lock(&described);
  ++counter;
  return NULL;
}

// Not run: recursive_bad: that a dead thread keeps a lock that is not robust exit-holding-lock.cpp
// shows.
static void *recursive_bad(void *unused) {
  pthread_mutex_lock(&recursive);
  ++counter;
  return NULL; // expected-warning {{ends here while it holds 'recursive'}}
}

static void set_up(const pthread_mutexattr_t *given) {
  pthread_mutexattr_t kind;
  pthread_mutexattr_init(&kind);
  pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(&robust, &kind);
  pthread_mutexattr_destroy(&kind);
  pthread_mutexattr_t other;
  pthread_mutexattr_init(&other);
  pthread_mutexattr_settype(&other, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&recursive, &other);
  pthread_mutexattr_destroy(&other);
  pthread_mutex_init(&described, given);
}

int main(void) {
  pthread_mutexattr_t given;
  pthread_mutexattr_init(&given);
  set_up(&given);
  pthread_t threads[4];
  pthread_create(&threads[0], NULL, dies_ok, NULL);
  pthread_join(threads[0], NULL);
  if (pthread_mutex_lock(&robust) != EOWNERDEAD)
    exit(1);
  pthread_mutex_consistent(&robust);
  pthread_mutex_unlock(&robust);
  pthread_create(&threads[1], NULL, exits_ok, NULL);
  pthread_create(&threads[2], NULL, described_elsewhere_ok, NULL);
  pthread_create(&threads[3], NULL, recursive_bad, NULL);
  if (pthread_mutex_lock(&robust) == EOWNERDEAD) {
    pthread_join(threads[1], NULL); // it is dead: it needs no lock any more
    pthread_mutex_consistent(&robust);
  }
  pthread_mutex_unlock(&robust);
  pthread_join(threads[2], NULL);
  pthread_join(threads[3], NULL);
  return 0;
}
