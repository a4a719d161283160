// RUN: %heddle_verify --checks=unlock-not-held %s -- -std=gnu17 -D_GNU_SOURCE

// The same with pthreads, whose results tell more than a yes or no.
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
