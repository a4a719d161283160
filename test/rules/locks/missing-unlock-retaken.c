// RUN: %heddle_verify --checks='missing-unlock,double-lock,unlock-not-held' %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t closed_bad take_again_bad
// RUN: timeout 60 %t ok

// Locks of the caller that are given back for a while.
#include "../scenarios.h"

#include <pthread.h>
#include <unistd.h>

struct queue {
  pthread_mutex_t mutex;
  int jobs, closed;
};

static void breathe(pthread_mutex_t *mutex) {
  pthread_mutex_unlock(mutex);
  usleep(10);
  pthread_mutex_lock(mutex);
}

void drain_ok(struct queue *q, int politely) {
  pthread_mutex_lock(&q->mutex);
  while (q->jobs > 0) {
    --q->jobs;
    if (politely)
      breathe(&q->mutex);
  }
  pthread_mutex_unlock(&q->mutex);
}

int drain_bad(struct queue *q, int politely) {
  pthread_mutex_lock(&q->mutex);
  if (politely)
    breathe(&q->mutex);
  if (q->closed)
    return -1; // expected-warning {{'q->mutex' stays locked when 'drain_bad' ends here}}
  pthread_mutex_unlock(&q->mutex);
  return 0;
}

// Called with the lock held, and left so.
int refill_ok(struct queue *q) {
  pthread_mutex_unlock(&q->mutex);
  int more = getpid() % 4;
  pthread_mutex_lock(&q->mutex);
  if (q->closed)
    return 0;
  q->jobs += more;
  return more;
}

int work_ok(struct queue *q) {
  int done = 0;
  pthread_mutex_lock(&q->mutex);
  if (q->jobs == 0)
    done = refill_ok(q);
  if (q->closed) {
    pthread_mutex_unlock(&q->mutex);
    return -1;
  }
  pthread_mutex_unlock(&q->mutex);
  return done;
}

static void retake(pthread_mutex_t *mutex) { pthread_mutex_lock(mutex); }

void through_a_helper_ok(struct queue *q) {
  pthread_mutex_unlock(&q->mutex);
  usleep(10);
  retake(&q->mutex);
}

int checked_ok(struct queue *q, int slowly) {
  pthread_mutex_lock(&q->mutex);
  if (slowly)
    through_a_helper_ok(q);
  int left = q->jobs;
  pthread_mutex_unlock(&q->mutex);
  return left;
}

// Two that hand two locks to and fro.
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER, second = PTHREAD_MUTEX_INITIALIZER;

void pass_ok(int number) {
  if (number == 0) {
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&second);
  } else {
    pthread_mutex_lock(&first);
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    pthread_mutex_lock(&second);
  }
}

static pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
static int guarded;

void take_twice_bad(void) {
  pthread_mutex_unlock(&plain);
  usleep(10);
  pthread_mutex_lock(&plain);
  ++guarded;
  // expected-warning@+1 {{'plain' is locked again while this thread holds it}}
  pthread_mutex_lock(&plain);
  pthread_mutex_unlock(&plain);
}

#ifdef RUN
static struct queue closed = {PTHREAD_MUTEX_INITIALIZER, 2, 1};

static void closed_bad(void) { drain_bad(&closed, 1); }

static void take_again_bad(void) {
  pthread_mutex_lock(&plain);
  take_twice_bad();
}

static void polite_ok(void) {
  drain_ok(&closed, 1);
  work_ok(&closed);
  checked_ok(&closed, 0);
}

SCENARIO_MAIN(SCENARIO_TWICE(closed_bad), SCENARIO(take_again_bad), SCENARIO_TWICE(polite_ok))
#endif
