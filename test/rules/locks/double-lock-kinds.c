// RUN: %heddle_verify --checks=double-lock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread %s -o %t
// RUN: %hangs %t described_bad
// RUN: %hangs %t normal_bad
// RUN: timeout 60 %t ok

// What describes a mutex makes it recursive only if it says so.
#include "../scenarios.h"

#include <pthread.h>

static void twice(pthread_mutex_t *lock) {
  pthread_mutex_lock(lock);
  pthread_mutex_lock(lock);
  pthread_mutex_unlock(lock);
  pthread_mutex_unlock(lock);
}

static pthread_mutex_t described;
static void described_bad(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_PRIVATE);
  pthread_mutex_init(&described, &how);
  pthread_mutexattr_destroy(&how);
  pthread_mutex_lock(&described);
  pthread_mutex_lock(&described); // expected-warning {{'described' is locked again}}
  pthread_mutex_unlock(&described);
}

static pthread_mutex_t normal;
static void normal_bad(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_NORMAL);
  pthread_mutex_init(&normal, &how);
  pthread_mutex_lock(&normal);
  pthread_mutex_lock(&normal); // expected-warning {{'normal' is locked again}}
  pthread_mutex_unlock(&normal);
}

static pthread_mutex_t recursive;
static void recursive_ok(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&recursive, &how);
  twice(&recursive);
}

// One that says that it is locked already.
static pthread_mutex_t checked;
static void checked_ok(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&checked, &how);
  pthread_mutex_lock(&checked);
  if (pthread_mutex_lock(&checked) == 0)
    pthread_mutex_unlock(&checked);
  pthread_mutex_unlock(&checked);
}

// By whom it is told is not in sight, or another function.
static pthread_mutex_t told;
static void tell(pthread_mutexattr_t *how) {
  pthread_mutexattr_settype(how, PTHREAD_MUTEX_RECURSIVE);
}
static void told_ok(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  tell(&how);
  pthread_mutex_init(&told, &how);
  twice(&told);
}

static pthread_mutex_t given;
static void set_up(const pthread_mutexattr_t *how) { pthread_mutex_init(&given, how); }
static void given_ok(void) {
  pthread_mutexattr_t how;
  pthread_mutexattr_init(&how);
  pthread_mutexattr_settype(&how, PTHREAD_MUTEX_RECURSIVE);
  set_up(&how);
  twice(&given);
}

SCENARIO_MAIN(SCENARIO(described_bad), SCENARIO(normal_bad), SCENARIO(recursive_ok),
              SCENARIO(checked_ok), SCENARIO(told_ok), SCENARIO(given_ok))
