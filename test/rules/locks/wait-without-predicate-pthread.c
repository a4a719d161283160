// RUN: %heddle_verify --checks=wait-without-predicate %s -- -std=gnu17
// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.c
// RUN: %heddle check --fix --checks=wait-without-predicate %t.c -- -std=gnu17 || true
// RUN: %FileCheck --input-file=%t.c %s
// RUN: %clang -std=gnu17 -fsyntax-only -Wall -Werror %t.c
// RUN: %clang -std=gnu17 -pthread %s -o %t
// RUN: %hangs %t
// clang-format off: expectations stand on their lines

// The same in C: `if` becomes `while`. The program waits for a notification that came before it.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

struct queue {
  pthread_mutex_t mutex;
  pthread_cond_t changed;
  int count;
};

int take_bad(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  // CHECK: while (q->count == 0)
  if (q->count == 0)
    pthread_cond_wait(&q->changed, &q->mutex); // expected-warning {{nothing looks at 'q->count' again}}
  int taken = q->count--;
  pthread_mutex_unlock(&q->mutex);
  return taken;
}

// That the wait has not failed does not say that there is anything to take.
int take_unless_failed_bad(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  if (q->count == 0)
    // expected-warning@+1 {{nothing looks at 'q->count' again}}
    if (pthread_cond_wait(&q->changed, &q->mutex) != 0)
      abort();
  int taken = q->count--;
  pthread_mutex_unlock(&q->mutex);
  return taken;
}

int take_again_unless_failed_ok(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  while (q->count == 0)
    if (pthread_cond_wait(&q->changed, &q->mutex) != 0)
      abort();
  int taken = q->count--;
  pthread_mutex_unlock(&q->mutex);
  return taken;
}

int take_ok(struct queue *q) {
  pthread_mutex_lock(&q->mutex);
  while (q->count == 0)
    pthread_cond_wait(&q->changed, &q->mutex);
  int taken = q->count--;
  pthread_mutex_unlock(&q->mutex);
  return taken;
}

mtx_t c11_mutex;
cnd_t c11_changed;
int c11_ready;

void c11_bad(void) {
  mtx_lock(&c11_mutex);
  // CHECK: while (!c11_ready)
  if (!c11_ready)
    cnd_wait(&c11_changed, &c11_mutex); // expected-warning {{nothing looks at 'c11_ready' again}}
  c11_ready = 0;
  mtx_unlock(&c11_mutex);
}

void c11_ok(void) {
  mtx_lock(&c11_mutex);
  while (!c11_ready)
    if (cnd_wait(&c11_changed, &c11_mutex) != thrd_success)
      break;
  mtx_unlock(&c11_mutex);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t started = PTHREAD_COND_INITIALIZER;

static void *starts(void *unused) {
  (void)unused;
  pthread_mutex_lock(&mutex);
  pthread_cond_signal(&started);
  pthread_mutex_unlock(&mutex);
  return NULL;
}

int main(void) {
  pthread_t thread;
  pthread_create(&thread, NULL, starts, NULL);
  pthread_join(thread, NULL);
  pthread_mutex_lock(&mutex);
  int error =
      pthread_cond_wait(&started, &mutex); // expected-warning {{does not say what it waits for}}
  if (error)
    printf("%d\n", error);
  pthread_mutex_unlock(&mutex);
  return 0;
}
