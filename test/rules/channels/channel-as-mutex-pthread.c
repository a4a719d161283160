// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=gnu17

// POSIX semaphores in C.
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <time.h>

void use(int value);

static sem_t lock; // expected-warning {{mutex}}
static int sum;

static void *add(void *unused) {
  sem_wait(&lock);
  ++sum;
  sem_post(&lock);
  return unused;
}

void semaphore_of_one_bad(void) {
  sem_init(&lock, 0, 1);
  pthread_t other;
  pthread_create(&other, NULL, add, NULL);
  add(NULL);
  pthread_join(other, NULL);
  sem_destroy(&lock);
}

static sem_t ready;

static void *work_and_post(void *unused) {
  use(1);
  sem_post(&ready);
  return unused;
}

void signal_ok(void) {
  sem_init(&ready, 0, 0);
  pthread_t worker;
  pthread_create(&worker, NULL, work_and_post, NULL);
  sem_wait(&ready);
  pthread_join(worker, NULL);
  sem_destroy(&ready);
}

static sem_t slots;

static void *use_slot(void *unused) {
  sem_wait(&slots);
  use(1);
  sem_post(&slots);
  return unused;
}

void limit_of_several_ok(void) {
  sem_init(&slots, 0, 3);
  pthread_t other;
  pthread_create(&other, NULL, use_slot, NULL);
  use_slot(NULL);
  pthread_join(other, NULL);
  sem_destroy(&slots);
}

static sem_t shared_slots;

static void *use_shared_slot(void *unused) {
  sem_wait(&shared_slots);
  use(1);
  sem_post(&shared_slots);
  return unused;
}

void count_from_outside_ok(unsigned count) {
  sem_init(&shared_slots, 0, count);
  pthread_t other;
  pthread_create(&other, NULL, use_shared_slot, NULL);
  use_shared_slot(NULL);
  pthread_join(other, NULL);
  sem_destroy(&shared_slots);
}

static sem_t patient;

static void *wait_with_a_limit(void *unused) {
  struct timespec end;
  clock_gettime(CLOCK_REALTIME, &end);
  end.tv_sec += 1;
  if (sem_timedwait(&patient, &end) != 0)
    return unused;
  use(1);
  sem_post(&patient);
  return unused;
}

void wait_with_a_limit_ok(void) {
  sem_init(&patient, 0, 1);
  pthread_t other;
  pthread_create(&other, NULL, wait_with_a_limit, NULL);
  wait_with_a_limit(NULL);
  pthread_join(other, NULL);
  sem_destroy(&patient);
}
