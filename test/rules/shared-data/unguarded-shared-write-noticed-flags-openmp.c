// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp
// RUN: %tsan_cc -fopenmp %s -o %t
// RUN: %race_found %t set_before_the_value_bad

// Flags that are set and found set in critical sections.
#include "../scenarios.h"

void critical_sections_ok(void) {
  int value = 0, set = 0;
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    {
      value = 1;
#pragma omp critical
      set = 1;
    }
#pragma omp section
    {
      int seen = 0;
      while (!seen) {
#pragma omp critical
        seen = set;
      }
      value = 2;
    }
  }
  printf("%d\n", value);
}

void set_before_the_value_bad(void) {
  int early = 0, set = 0;
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    {
#pragma omp critical
      set = 1;
      early = 1; // expected-warning {{'early' is written}}
    }
#pragma omp section
    {
      int seen = 0;
      while (!seen) {
#pragma omp critical
        seen = set;
      }
      early = 2;
    }
  }
  printf("%d\n", early);
}

SCENARIO_MAIN(SCENARIO(critical_sections_ok), SCENARIO(set_before_the_value_bad))
