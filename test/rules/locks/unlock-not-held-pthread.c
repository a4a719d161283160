// RUN: %heddle_verify --checks=unlock-not-held %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %tsan_cc -D_GNU_SOURCE -DRUN %s -o %t
// RUN: %exits 66 %t once_too_often_bad
// RUN: %exits 66 %t failed_attempt_bad
// RUN: %exits 66 %t mistaken_attempt_bad
// RUN: %exits 66 %t start_bad
// RUN: %exits 66 %t error_path_bad
// RUN: %t ok

// The same with pthreads, whose results tell more than a yes or no.
#include "../scenarios.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>

pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
int counter;

void once_too_often_bad(void) {
  pthread_mutex_lock(&recursive);
  pthread_mutex_lock(&recursive);
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive); // expected-warning {{'recursive' is unlocked a second time}}
}

void read_write_bad(void) {
  pthread_rwlock_rdlock(&rw);
  pthread_rwlock_rdlock(&rw);
  pthread_rwlock_unlock(&rw);
  pthread_rwlock_unlock(&rw);
  pthread_rwlock_unlock(&rw); // expected-warning {{'rw' is unlocked a second time}}
}

void failed_bad(void) {
  if (pthread_mutex_trylock(&m) == 0)
    return;
  pthread_mutex_unlock(
      &m); // expected-warning@-1 {{'m' is unlocked where the attempt to lock it has failed}}
}

void mistaken_bad(void) {
  // Zero is success.
  if (pthread_mutex_trylock(&m)) {
    ++counter;
    pthread_mutex_unlock(&m); // expected-warning {{where the attempt to lock it has failed}}
  }
}

static void *child(void *argument) {
  pthread_mutex_unlock(
      (pthread_mutex_t *)argument); // expected-warning@-1 {{by a thread that has not locked it}}
  return 0;
}

void start_bad(void) {
  pthread_t thread;
  pthread_mutex_lock(&m);
  pthread_create(&thread, 0, child, &m);
  pthread_join(thread, 0);
}

int error_bad(int value) {
  int result = -1;
  pthread_mutex_lock(&m);
  if (value < 0) {
    pthread_mutex_unlock(&m);
    goto out;
  }
  counter = value;
  result = 0;
out:
  pthread_mutex_unlock(&m); // expected-warning {{'m' is unlocked a second time}}
  return result;
}

int busy_ok(void) {
  int status = pthread_mutex_trylock(&m);
  if (status == EBUSY)
    return -1;
  if (status != 0)
    return -2;
  ++counter;
  pthread_mutex_unlock(&m);
  return 0;
}

int assigned_ok(void) {
  int status;
  if ((status = pthread_mutex_trylock(&m)) != 0)
    return status;
  ++counter;
  return pthread_mutex_unlock(&m);
}

int reused_ok(void) {
  int status = pthread_mutex_trylock(&m);
  if (status)
    return status;
  status = counter > 3 ? -1 : 0;
  if (status == 0)
    ++counter;
  pthread_mutex_unlock(&m);
  return status;
}

int asserted_ok(void) {
  int status = pthread_mutex_lock(&m);
  assert(status == 0);
  ++counter;
  status = pthread_mutex_unlock(&m);
  assert(status == 0);
  return counter;
}

int robust_ok(void) {
  switch (pthread_mutex_lock(&m)) {
  case 0:
    break;
  case EOWNERDEAD:
    pthread_mutex_consistent(&m);
    break;
  default:
    return -1;
  }
  ++counter;
  pthread_mutex_unlock(&m);
  return 0;
}

int error_ok(int value) {
  int result = -1;
  pthread_mutex_lock(&m);
  if (value < 0)
    goto out;
  counter = value;
  result = 0;
out:
  pthread_mutex_unlock(&m);
  return result;
}

struct item {
  pthread_mutex_t lock;
  struct item *next;
  int value;
};

void walk_ok(struct item *list) {
  for (struct item *i = list; i; i = i->next) {
    pthread_mutex_lock(&i->lock);
    ++i->value;
    pthread_mutex_unlock(&i->lock);
  }
}

void swap_ok(struct item *a, struct item *b) {
  pthread_mutex_lock(&a->lock);
  pthread_mutex_lock(&b->lock);
  int value = a->value;
  a->value = b->value;
  b->value = value;
  pthread_mutex_unlock(&b->lock);
  pthread_mutex_unlock(&a->lock);
}

extern void lock_item(struct item *i);

void unseen_ok(struct item *i) {
  pthread_mutex_lock(&i->lock);
  pthread_mutex_unlock(&i->lock);
  lock_item(i);
  ++i->value;
  pthread_mutex_unlock(&i->lock);
}

void give_back_ok(struct item *i) { pthread_mutex_unlock(&i->lock); }

#ifdef RUN
void lock_item(struct item *i) { pthread_mutex_lock(&i->lock); }

static void *holds(void *unused) {
  pthread_mutex_lock(&m);
  return unused;
}

static void let_another_hold(void) {
  pthread_t thread;
  pthread_create(&thread, 0, holds, 0);
  pthread_join(thread, 0);
}

static void failed_attempt_bad(void) {
  let_another_hold();
  failed_bad();
}

static void mistaken_attempt_bad(void) {
  let_another_hold();
  mistaken_bad();
}

static void error_path_bad(void) { error_bad(-1); }

static void results_ok(void) {
  busy_ok();
  assigned_ok();
  reused_ok();
  asserted_ok();
  robust_ok();
  error_ok(-1);
  struct item a = {PTHREAD_MUTEX_INITIALIZER, 0, 0}, b = {PTHREAD_MUTEX_INITIALIZER, &a, 0};
  walk_ok(&b);
  swap_ok(&a, &b);
  unseen_ok(&a);
}

SCENARIO_MAIN(SCENARIO(once_too_often_bad), SCENARIO(failed_attempt_bad),
              SCENARIO(mistaken_attempt_bad), SCENARIO(start_bad), SCENARIO(error_path_bad),
              SCENARIO(results_ok))
#endif
