// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.c
// RUN: %heddle check --quiet --fix --checks=mixed-atomic-access %t.c -- -std=gnu17
// RUN: %FileCheck --input-file=%t.c %s
// RUN: %clang -std=gnu17 -fsyntax-only -Wall -Wextra -Werror %t.c
// RUN: cp %t.c %t.once.c
// RUN: %heddle check --quiet --fix --checks=mixed-atomic-access %t.c -- -std=gnu17
// RUN: cmp %t.c %t.once.c
// RUN: %tsan_cc %t.c -o %t
// RUN: %t

// In C the builtins are all there is for what is not declared _Atomic.
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>

struct cache {
  volatile int references;
  int *entry;
};

static struct cache cache;
static int number;

static void *work(void *unused) {
  __sync_fetch_and_add(&cache.references, 1);
  __atomic_store_n(&cache.entry, &number, __ATOMIC_RELEASE);
  return unused;
}

int main(void) {
  pthread_t worker;
  pthread_create(&worker, NULL, work, NULL);
  // CHECK: __atomic_fetch_sub(&cache.references, 1, __ATOMIC_SEQ_CST);
  cache.references--;
  // CHECK: if (__atomic_load_n(&cache.entry, __ATOMIC_SEQ_CST))
  if (cache.entry)
    puts("there");
  pthread_join(worker, NULL);
  return 0;
}
