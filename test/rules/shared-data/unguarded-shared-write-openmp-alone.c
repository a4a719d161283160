// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp

// A task that no team is there for is done by the thread that makes it.
#include <stdio.h>

static int started, sum, total;

static void start_alone(void) {
#pragma omp task
  started = 1;
  printf("%d\n", started);
}

static void add_up_alone(int n) {
#pragma omp taskloop shared(sum)
  for (int i = 0; i < n; i++)
    sum += i;
#pragma omp task
  {
#pragma omp task
    sum = 0;
    sum = 1;
  }
  sum++;
}

static void start_in_a_team(void) {
#pragma omp task
  total = 1; // expected-warning {{'total' is written here while another thread reads it}}
  printf("%d\n", total);
}

int main(void) {
  start_alone();
  add_up_alone(10);
#pragma omp parallel
#pragma omp single
  start_in_a_team();
  return 0;
}
