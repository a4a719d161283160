// RUN: %heddle_verify --checks=destroyed-while-used %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: not %t destroyed_locked_bad 2>&1 | %FileCheck --check-prefix=LOCKED %s
// RUN: not %t used_after_destroy_bad 2>&1 | %FileCheck --check-prefix=INVALID %s
// RUN: %t ok
// LOCKED: destroy of a locked mutex
// INVALID: use of an invalid mutex
// clang-format off: expectations stand on their lines

// Primitives of C that are torn down in use, or used after their end.
#include "../scenarios.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <threads.h>

// [example: bad]
struct session {
  pthread_mutex_t mutex;
  int users;
};

void close_session_bad(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  s->users = 0;
  free(s); // expected-warning {{the memory of 's->mutex' is given back while this thread holds it}}
}
// [end]

// [example: good]
void close_session_ok(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  s->users = 0;
  pthread_mutex_unlock(&s->mutex);
  pthread_mutex_destroy(&s->mutex);
  free(s);
}
// [end]

void destroyed_locked_bad(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_destroy(&mutex); // expected-warning {{'mutex' is destroyed while this thread holds it}}
}

void used_after_destroy_bad(void) {
  pthread_mutex_t *mutex = malloc(sizeof *mutex);
  pthread_mutex_init(mutex, NULL);
  pthread_mutex_destroy(mutex);
  pthread_mutex_lock(mutex); // expected-warning {{used here after it was destroyed}}
  pthread_mutex_unlock(mutex);
  free(mutex);
}

void destroyed_twice_bad(pthread_cond_t *cond) {
  pthread_cond_destroy(cond);
  pthread_cond_destroy(cond); // expected-warning {{'*cond' is destroyed a second time}}
}

void abandoned_bad(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
} // expected-warning {{'mutex' is still locked when its life ends here}}

static void tear_down(struct session *s) { pthread_mutex_destroy(&s->mutex); }

void through_a_callee_bad(struct session *s) {
  tear_down(s);
  pthread_mutex_lock(&s->mutex); // expected-warning {{'s->mutex' is used here after it was destroyed}}
  pthread_mutex_unlock(&s->mutex);
}

static void tear_down_too(struct session *s) {
  pthread_mutex_destroy(&s->mutex); // expected-warning {{'s->mutex' is destroyed while this thread holds it}}
}

void callee_destroys_bad(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  tear_down_too(s);
}

void after_free_bad(struct session *s) {
  free(s);
  pthread_mutex_unlock(&s->mutex); // expected-warning {{its memory has been given back}}
}

void semaphore_bad(void) {
  sem_t s;
  sem_init(&s, 0, 1);
  sem_destroy(&s);
  sem_post(&s); // expected-warning {{'s' is used here after it was destroyed}}
}

void c11_bad(void) {
  mtx_t mutex;
  mtx_init(&mutex, mtx_plain);
  mtx_lock(&mutex);
  mtx_destroy(&mutex); // expected-warning {{'mutex' is destroyed while this thread holds it}}
}

void condition_bad(void) {
  pthread_cond_t cond;
  pthread_cond_init(&cond, NULL);
  int error = pthread_cond_destroy(&cond);
  pthread_cond_signal(&cond); // expected-warning {{'cond' is used here after it was destroyed}}
  printf("%d\n", error);
}

void rwlock_bad(pthread_rwlock_t *lock) {
  pthread_rwlock_rdlock(lock);
  pthread_rwlock_destroy(lock); // expected-warning {{'*lock' is destroyed while this thread holds it}}
}

// Near misses.
void in_order_ok(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);
}

void set_up_again_ok(void) {
  pthread_mutex_t mutex;
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_destroy(&mutex);
  pthread_mutex_init(&mutex, NULL);
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
  pthread_mutex_destroy(&mutex);
}

void assigned_again_ok(void) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_destroy(&mutex);
  mutex = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&mutex);
  pthread_mutex_unlock(&mutex);
}

void perhaps_destroyed_ok(pthread_mutex_t *mutex, int last) {
  if (last)
    pthread_mutex_destroy(mutex);
  else
    pthread_mutex_lock(mutex);
}

void perhaps_destroyed_before(pthread_mutex_t *mutex, int last) {
  if (last)
    pthread_mutex_destroy(mutex);
  if (!last)
    pthread_mutex_lock(mutex);
}

void busy_mutex(pthread_mutex_t *mutex) {
  if (pthread_mutex_destroy(mutex) != 0) {
    pthread_mutex_unlock(mutex);
    pthread_mutex_destroy(mutex);
  }
}

void busy_mutex_in_a_variable(pthread_mutex_t *mutex) {
  int error = pthread_mutex_destroy(mutex);
  if (error) {
    pthread_mutex_unlock(mutex);
    pthread_mutex_destroy(mutex);
  }
}

void new_object_in_the_pointer(struct session *s) {
  pthread_mutex_destroy(&s->mutex);
  free(s);
  s = calloc(1, sizeof *s);
  pthread_mutex_lock(&s->mutex);
  pthread_mutex_unlock(&s->mutex);
  free(s);
}

void walk(struct session **all, int count) {
  for (int i = 0; i < count; ++i) {
    pthread_mutex_lock(&all[i]->mutex);
    pthread_mutex_unlock(&all[i]->mutex);
    pthread_mutex_destroy(&all[i]->mutex);
    free(all[i]);
  }
}

void set_up_elsewhere(struct session *s);

void unseen_code(struct session *s) {
  pthread_mutex_destroy(&s->mutex);
  set_up_elsewhere(s);
  pthread_mutex_lock(&s->mutex);
  pthread_mutex_unlock(&s->mutex);
}

void set_up_elsewhere(struct session *s) { pthread_mutex_init(&s->mutex, NULL); }

static void unlock_and_free(struct session *s) {
  pthread_mutex_unlock(&s->mutex);
  free(s);
}

void callee_unlocks(struct session *s) {
  pthread_mutex_lock(&s->mutex);
  unlock_and_free(s);
}

struct holder {
  pthread_mutex_t *mutex;
};

void lock_lies_elsewhere(struct holder *h) {
  pthread_mutex_lock(h->mutex);
  pthread_mutex_t *mutex = h->mutex;
  free(h);
  pthread_mutex_unlock(mutex);
}

SCENARIO_MAIN(SCENARIO(destroyed_locked_bad), SCENARIO(used_after_destroy_bad),
              SCENARIO(in_order_ok), SCENARIO(set_up_again_ok), SCENARIO(assigned_again_ok))
