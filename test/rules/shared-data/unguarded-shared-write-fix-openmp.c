// REQUIRES: openmp
// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.c
// RUN: %heddle check --fix-unsafe --checks=unguarded-shared-write %t.c -- -std=gnu17 -fopenmp
// RUN: %FileCheck --input-file=%t.c %s
// RUN: %clang -std=gnu17 -fopenmp -fsyntax-only -Wall -Werror %t.c
// RUN: %heddle check --checks=unguarded-shared-write %t.c -- -std=gnu17 -fopenmp
// RUN: cp %t.c %t.once.c
// RUN: %heddle check --fix-unsafe --checks=unguarded-shared-write %t.c -- -std=gnu17 -fopenmp
// RUN: cmp %t.c %t.once.c
// RUN: %tsan_cc -fopenmp %t.c -o %t
// RUN: env TSAN_OPTIONS=ignore_noninstrumented_modules=1 %t

// Updates by the threads of a team become atomic.
#include <stdio.h>

int main(void) {
  int sum = 0, calls = 0;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 100; ++i) {
    // CHECK: #pragma omp atomic
    // CHECK-NEXT: sum += i;
    sum += i;
    // CHECK: #pragma omp atomic
    // CHECK-NEXT: calls++;
    calls++;
  }
  printf("%d %d\n", sum, calls);
}
