// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %race_found %t sorted_bad
// RUN: %t ok

// Functions of the C library that call back, in the thread that calls them.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

static int compared, compared_by_one;
static __thread int compared_here;

static int compare(const void *a, const void *b) {
  compared++; // expected-warning {{'compared' is written here by several threads}}
  return *(const int *)a - *(const int *)b;
}

static void *sort(void *unused) {
  int numbers[] = {3, 1, 2, 0};
  for (int i = 0; i < 1000; i++)
    qsort(numbers, 4, sizeof numbers[0], compare);
  return unused;
}

static void run_twice(void *(*task)(void *)) {
  pthread_t a, b;
  pthread_create(&a, NULL, task, NULL);
  pthread_create(&b, NULL, task, NULL);
  pthread_join(a, NULL);
  pthread_join(b, NULL);
}

static void sorted_bad(void) { run_twice(sort); }

static int compare_here(const void *a, const void *b) {
  compared_here++;
  return *(const int *)a - *(const int *)b;
}

static void *search(void *unused) {
  int numbers[] = {0, 1, 2, 3}, wanted = 2;
  bsearch(&wanted, numbers, 4, sizeof numbers[0], compare_here);
  return unused;
}

static void searched_ok(void) { run_twice(search); }

static int compare_alone(const void *a, const void *b) {
  compared_by_one++;
  return *(const int *)a - *(const int *)b;
}

static void sorted_before_ok(void) {
  int numbers[] = {3, 1, 2, 0};
  qsort(numbers, 4, sizeof numbers[0], compare_alone);
  run_twice(search);
}

SCENARIO_MAIN(SCENARIO(sorted_bad), SCENARIO(searched_ok), SCENARIO(sorted_before_ok))
