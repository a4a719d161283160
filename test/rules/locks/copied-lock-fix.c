// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.c
// RUN: %heddle check --fix --checks=copied-lock %t.c -- -std=gnu17
// RUN: %FileCheck --input-file=%t.c %s
// RUN: %clang -std=gnu17 -fsyntax-only -Wall -Wextra -Werror %t.c
// RUN: %heddle check --checks=copied-lock %t.c -- -std=gnu17
// RUN: cp %t.c %t.once.c
// RUN: %heddle check --fix --checks=copied-lock %t.c -- -std=gnu17
// RUN: cmp %t.c %t.once.c
// RUN: %tsan_cc %t.c -o %t
// RUN: %t

// In C a pointer is passed, and every use and call follows.
#include <pthread.h>
#include <stddef.h>

struct counter {
  pthread_mutex_t lock;
  long *value;
};

static long value;
static struct counter shared = {PTHREAD_MUTEX_INITIALIZER, &value};

// CHECK: static void add(struct counter *to, long amount) {
static void add(struct counter to, long amount) {
  // CHECK: pthread_mutex_lock(&to->lock);
  pthread_mutex_lock(&to.lock);
  // CHECK: *to->value += amount;
  *to.value += amount;
  pthread_mutex_unlock(&to.lock);
}

static void *work(void *unused) {
  for (int i = 0; i < 1000; ++i)
    // CHECK: add(&shared, 1);
    add(shared, 1);
  return unused;
}

int main(void) {
  pthread_t other;
  pthread_create(&other, NULL, work, NULL);
  work(NULL);
  pthread_join(other, NULL);
  return value == 2000 ? 0 : 1;
}
