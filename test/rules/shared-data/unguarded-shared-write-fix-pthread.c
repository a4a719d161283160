// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.c
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.c -- -std=gnu17
// RUN: %FileCheck --input-file=%t.c %s
// RUN: %clang -std=gnu17 -fsyntax-only -Wall -Werror %t.c
// RUN: %heddle check --checks=unguarded-shared-write %t.c -- -std=gnu17
// RUN: cp %t.c %t.once.c
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.c -- -std=gnu17
// RUN: cmp %t.c %t.once.c
// RUN: %tsan_cc %t.c -o %t
// RUN: %t

// In C the counter becomes _Atomic.
#include <pthread.h>
#include <stdio.h>

// CHECK: static _Atomic int hits;
static int hits;

static void *count_hit(void *unused) {
  ++hits;
  return unused;
}

int main(void) {
  pthread_t first;
  pthread_t second;
  pthread_create(&first, NULL, count_hit, NULL);
  pthread_create(&second, NULL, count_hit, NULL);
  printf("%d\n", hits);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
  return 0;
}
