// RUN: %heddle_verify --checks=reinitialized-primitive %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread %s -o %t
// RUN: %hangs %t waiter_is_forgotten_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// Primitives of C that are set up twice, or never.
#include "../scenarios.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

// [example: bad]
struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int count;
};

struct queue *make_queue_bad(void) {
  struct queue *q = malloc(sizeof *q);
  q->count = 0;
  pthread_mutex_lock(&q->mutex); // expected-warning {{nothing has initialised it}}
  q->count = 1;
  pthread_mutex_unlock(&q->mutex);
  return q;
}

void restart_bad(struct queue *q) {
  pthread_mutex_init(&q->mutex, NULL);
  pthread_cond_init(&q->changed, NULL);
  q->count = 0;
  pthread_cond_init(&q->changed, NULL); // expected-warning {{'q->changed' is initialised a second time}}
}
// [end]

// [example: good]
struct queue *make_queue_ok(void) {
  struct queue *q = malloc(sizeof *q);
  q->count = 0;
  pthread_mutex_init(&q->mutex, NULL);
  pthread_mutex_lock(&q->mutex);
  q->count = 1;
  pthread_mutex_unlock(&q->mutex);
  return q;
}
// [end]

void barrier_bad(void) {
  pthread_barrier_t barrier;
  pthread_barrier_init(&barrier, NULL, 1);
  pthread_barrier_wait(&barrier);
  pthread_barrier_init(&barrier, NULL, 2); // expected-warning {{'barrier' is initialised a second time}}
}

void semaphore_bad(void) {
  sem_t s;
  int error = sem_init(&s, 0, 1);
  error = sem_init(&s, 0, 0); // expected-warning {{'s' is initialised a second time}}
  printf("%d\n", error);
}

void waiter_is_forgotten_bad(void) {
  sem_t s;
  sem_init(&s, 0, 0);
  sem_post(&s);
  sem_init(&s, 0, 0); // expected-warning {{'s' is initialised a second time}}
  sem_wait(&s);
}

void c11_bad(void) {
  mtx_t mutex;
  mtx_init(&mutex, mtx_plain);
  if (mtx_init(&mutex, mtx_plain) != thrd_success) // expected-warning {{'mutex' is initialised a second time}}
    return;
  mtx_destroy(&mutex);
}

void never_bad(void) {
  pthread_mutex_t mutex;
  pthread_mutex_lock(&mutex); // expected-warning {{'mutex' is used here, but nothing has initialised it}}
  pthread_mutex_unlock(&mutex);
}

void never_either_bad(void) {
  struct queue q;
  q.count = 1;
  pthread_mutex_init(&q.mutex, NULL);
  pthread_cond_signal(&q.changed); // expected-warning {{'q.changed' is used here, but nothing has initialised it}}
  pthread_mutex_destroy(&q.mutex);
}

void destroys_nothing_bad(void) {
  pthread_cond_t cond;
  pthread_cond_destroy(&cond); // expected-warning {{'cond' is destroyed, but nothing has initialised it}}
}

static void set_up(struct queue *q) {
  pthread_mutex_init(&q->mutex, NULL); // expected-warning {{'q->mutex' is initialised a second time}}
}

void through_a_callee_bad(struct queue *q) {
  pthread_mutex_init(&q->mutex, NULL);
  set_up(q);
}

static void lock_queue(struct queue *q) {
  pthread_mutex_lock(&q->mutex); // expected-warning {{nothing has initialised it}}
}

void callee_uses_bad(void) {
  struct queue q;
  lock_queue(&q);
}

// Near misses.
void again_after_destroy_ok(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex);
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex);
}

void static_initializer_ok(void) {
  static pthread_mutex_t zero;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_lock(&zero);
  pthread_mutex_unlock(&zero);
  pthread_mutex_unlock(&mutex);
}

void zeroed_ok(void) {
  struct queue *q = calloc(1, sizeof *q), other;
  memset(&other, 0, sizeof other);
  pthread_mutex_lock(&q->mutex);
  pthread_mutex_unlock(&q->mutex);
  pthread_mutex_lock(&other.mutex);
  pthread_mutex_unlock(&other.mutex);
  free(q);
}

void assigned_ok(void) {
  struct queue q;
  q = (struct queue){PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0};
  pthread_mutex_lock(&q.mutex);
  pthread_mutex_unlock(&q.mutex);
}

void failed_attempt_ok(void) {
  pthread_mutexattr_t robust;
  pthread_mutex_t mutex;
  pthread_mutexattr_init(&robust);
  if (pthread_mutex_init(&mutex, &robust) != 0)
    pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex);
}

void failed_attempt_in_a_variable_ok(void) {
  pthread_mutexattr_t robust;
  pthread_mutex_t mutex;
  pthread_mutexattr_init(&robust);
  int error = pthread_mutex_init(&mutex, &robust);
  if (error)
    error = pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex);
}

void failed_semaphore_ok(void) {
  sem_t s;
  if (sem_init(&s, 1, 0) < 0)
    sem_init(&s, 0, 0);
  sem_destroy(&s);
}

static int is_set_up;

void once_ok(void) {
  static pthread_mutex_t mutex;
  if (!is_set_up) {
    pthread_mutex_init(&mutex, NULL);
    is_set_up = 1;
  }
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}

void several_ok(void) {
  pthread_mutex_t all[4];
  for (int i = 0; i < 4; ++i)
    pthread_mutex_init(&all[i], NULL);
  for (int i = 0; i < 4; ++i) {
    pthread_mutex_lock(&all[i]);
    pthread_mutex_unlock(&all[i]);
  }
}

void one_of_two(struct queue *q, int again) {
  pthread_mutex_t local;
  pthread_mutex_t *chosen = again ? &q->mutex : &local;
  pthread_mutex_init(chosen, NULL);
  pthread_mutex_lock(&local);
  pthread_mutex_unlock(&local);
}

__attribute__((weak)) void set_up_elsewhere(struct queue *q);

void unseen(void) {
  struct queue q;
  set_up_elsewhere(&q);
  pthread_mutex_lock(&q.mutex);
  pthread_mutex_unlock(&q.mutex);
}

__attribute__((weak)) struct queue *next_queue(void);

void another_queue(struct queue *q) {
  pthread_mutex_init(&q->mutex, NULL);
  q = next_queue();
  pthread_mutex_init(&q->mutex, NULL);
}

void each_its_own(struct queue *a, struct queue *b) {
  pthread_mutex_init(&a->mutex, NULL);
  pthread_mutex_init(&b->mutex, NULL);
}


static void *thread_sets_up(void *given) {
  pthread_mutex_init(given, NULL);
  return NULL;
}

void thread_sets_up_ok(void) {
  pthread_mutex_t mutex;
  pthread_t thread;
  pthread_create(&thread, NULL, thread_sets_up, &mutex);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}

SCENARIO_MAIN(SCENARIO(waiter_is_forgotten_bad), SCENARIO(again_after_destroy_ok),
              SCENARIO(static_initializer_ok), SCENARIO(zeroed_ok), SCENARIO(assigned_ok),
              SCENARIO(failed_attempt_ok), SCENARIO(failed_semaphore_ok), SCENARIO(once_ok),
              SCENARIO(several_ok), SCENARIO(thread_sets_up_ok))
