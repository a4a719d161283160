// RUN: %heddle_verify --checks=unlock-not-held,missing-unlock,unguarded-shared-write %s -- -std=gnu11

// Who asks a try for one way to fail takes the others for impossible.
// Not run: unlocked_though_busy_bad, never_bad, forgotten_bad: what another thread has locked is
// unlocked, and nobody waits for that; who tries again is told that it is busy.
#include <errno.h>
#include <pthread.h>
#include <threads.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static mtx_t other;
static int count, waits;

int busy_ok(int by) {
  if (pthread_mutex_trylock(&mutex) == EBUSY)
    return 0;
  count += by;
  pthread_mutex_unlock(&mutex);
  return 1;
}

int not_busy_ok(int by) {
  if (pthread_mutex_trylock(&mutex) != EBUSY) {
    count += by;
    pthread_mutex_unlock(&mutex);
    return 1;
  }
  return 0;
}

void again_ok(int by) {
  int status;
  do {
    status = pthread_mutex_trylock(&mutex);
  } while (status == EBUSY);
  count += by;
  pthread_mutex_unlock(&mutex);
}

void contended_ok(int by) {
  if (EBUSY == pthread_mutex_trylock(&mutex)) {
    pthread_mutex_lock(&mutex);
    waits++;
  }
  count += by;
  pthread_mutex_unlock(&mutex);
}

int in_time_ok(const struct timespec *end, int by) {
  if (pthread_mutex_timedlock(&mutex, end) == ETIMEDOUT)
    return 0;
  count += by;
  pthread_mutex_unlock(&mutex);
  return 1;
}

int c11_ok(int by) {
  if (mtx_trylock(&other) == thrd_busy)
    return 0;
  waits += by;
  mtx_unlock(&other);
  return 1;
}

int waits_or_tries_ok(int wait, int by) {
  int status = wait ? pthread_mutex_lock(&mutex) : pthread_mutex_trylock(&mutex);
  if (status == EBUSY)
    return 0;
  count += by;
  pthread_mutex_unlock(&mutex);
  return 1;
}

void unlocked_though_busy_bad(void) {
  if (pthread_mutex_trylock(&mutex) == EBUSY)
    // expected-warning@+1 {{'mutex' is unlocked where the attempt to lock it has failed}}
    pthread_mutex_unlock(&mutex);
  else
    pthread_mutex_unlock(&mutex);
}

int forgotten_bad(int by) {
  if (pthread_mutex_trylock(&mutex) != EBUSY) {
    count += by;
    return 1; // expected-warning {{'mutex' is locked when 'forgotten_bad' ends here}}
  }
  return 0;
}

// Numbers below zero are never returned.
int never_bad(int by) {
  if (pthread_mutex_trylock(&mutex) < 0)
    return 0;
  count += by;
  // expected-warning@+1 {{'mutex' is unlocked where the attempt to lock it has failed}}
  pthread_mutex_unlock(&mutex);
  return 1;
}
