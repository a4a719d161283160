// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %deadlock_found %t join_bad
// RUN: %deadlock_found %t other_lock_bad
// RUN: %t ok

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER, other = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int value;

static void *needs_lock(void *unused) {
  usleep(50000);
  pthread_mutex_lock(&lock);
  ++value;
  pthread_mutex_unlock(&lock);
  return unused;
}

static void join_bad(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, needs_lock, NULL);
  pthread_mutex_lock(&lock);
  pthread_join(worker, NULL); // expected-warning {{this waits for a thread to end while 'lock' is held, and 'needs_lock' needs that lock before it gets there: neither goes on}}
  pthread_mutex_unlock(&lock);
}

static void await_change(void) {
  while (!value)
    pthread_cond_wait(&changed, &lock);
}

static void *change(void *unused) {
  usleep(50000);
  pthread_mutex_lock(&other);
  pthread_mutex_lock(&lock);
  value = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&lock);
  pthread_mutex_unlock(&other);
  return unused;
}

static void other_lock_bad(void) {
  pthread_t changer;
  pthread_create(&changer, NULL, change, NULL);
  pthread_mutex_lock(&other);
  pthread_mutex_lock(&lock);
  await_change(); // expected-warning {{this call of 'await_change' waits for a condition while 'other' is held; whoever wants the lock waits as long}}
  pthread_mutex_unlock(&lock);
  pthread_mutex_unlock(&other);
  pthread_join(changer, NULL);
}

// Not run: semaphore_bad, events_bad: whoever wants the lock only waits longer.
void semaphore_bad(sem_t *slots) {
  pthread_mutex_lock(&lock);
  sem_wait(slots); // expected-warning {{this waits for a semaphore while 'lock' is held}}
  pthread_mutex_unlock(&lock);
}

void events_bad(struct pollfd *events) {
  pthread_mutex_lock(&lock);
  value = poll(events, 1, -1); // expected-warning {{this waits for events while 'lock' is held}}
  pthread_mutex_unlock(&lock);
}

static void own_lock_ok(void) {
  pthread_t changer;
  pthread_create(&changer, NULL, change, NULL);
  pthread_mutex_lock(&lock);
  await_change();
  pthread_mutex_unlock(&lock);
  pthread_join(changer, NULL);
}

// What ends before long is shown on demand alone.
void bounded_ok(struct pollfd *events, int file, char *buffer) {
  pthread_mutex_lock(&lock);
  value = poll(events, 1, 10);
  value += (int)read(file, buffer, 1);
  pthread_mutex_unlock(&lock);
}

void unlocked_ok(struct pollfd *events) {
  pthread_mutex_lock(&lock);
  ++value;
  pthread_mutex_unlock(&lock);
  poll(events, 1, -1);
}

SCENARIO_MAIN(SCENARIO(join_bad), SCENARIO(other_lock_bad), SCENARIO(own_lock_ok))
