// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp
// RUN: %tsan_cc -fopenmp %s -o %t
// RUN: %race_found %t sum_without_reduction_bad
// RUN: %race_found %t shared_temporary_bad
// RUN: %race_found %t inner_loop_variable_bad
// RUN: %race_found %t two_critical_names_bad
// RUN: %race_found %t atomic_beside_plain_bad
// RUN: %race_found %t single_nowait_bad
// RUN: %race_found %t master_has_no_barrier_bad
// RUN: %race_found %t sections_share_bad
// RUN: %race_found %t before_the_reduction_is_done_bad
// RUN: %race_found %t called_from_the_region_bad
// RUN: %race_found %t branch_on_data_bad
// RUN: %t ok

// OpenMP regions: which variables are shared, and what keeps the threads of a team apart.
#include "../scenarios.h"

#include <omp.h>
#include <stdlib.h>

enum { count = 400 };
static int data[count];
static int sink;

void sum_without_reduction_bad(void) {
  int sum = 0;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    sum += data[i]; // expected-warning {{'sum' is written here by several threads}}
  sink = sum;
}

void sum_with_reduction_ok(void) {
  int sum = 0;
#pragma omp parallel for num_threads(4) reduction(+ : sum)
  for (int i = 0; i < count; ++i)
    sum += data[i];
  sink = sum;
}

void shared_temporary_bad(void) {
  int half;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i) {
    half = data[i] / 2; // expected-warning {{'half' is written here}}
    data[i] = half;
  }
}

void private_temporary_ok(void) {
  int half;
#pragma omp parallel for num_threads(4) private(half)
  for (int i = 0; i < count; ++i) {
    half = data[i] / 2;
    data[i] = half;
  }
}

void local_temporary_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i) {
    int half = data[i] / 2;
    data[i] = half;
  }
}

void first_and_last_private_ok(void) {
  int offset = 3, last = 0;
#pragma omp parallel for num_threads(4) firstprivate(offset) lastprivate(last)
  for (int i = 0; i < count; ++i) {
    offset += 1;
    last = i + offset;
  }
  sink = last;
}

void inner_loop_variable_bad(void) {
  static int grid[20][20];
  int i, j;
#pragma omp parallel for num_threads(4)
  for (i = 0; i < 20; i++)
    for (j = 0; j < 20; j++) // expected-warning {{'j' is written here}}
      grid[i][j] = 1;
}

void private_loop_variables_ok(void) {
  static int grid[20][20];
  int i, j;
#pragma omp parallel for num_threads(4) private(j)
  for (i = 0; i < 20; i++)
    for (j = 0; j < 20; j++)
      grid[i][j] = 1;
}

void one_critical_name_ok(void) {
  int hits = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp critical(counting)
    hits++;
#pragma omp critical(counting)
    {
      if (hits > 2)
        hits--;
    }
  }
  sink = hits;
}

void two_critical_names_bad(void) {
  int hits = 0;
#pragma omp parallel num_threads(4)
  {
    for (int i = 0; i < 1000; ++i) {
#pragma omp critical(counting)
      hits++; // expected-warning {{they hold no lock in common}}
#pragma omp critical
      hits++;
    }
  }
  sink = hits;
}

static void count_up(int *counter) {
#pragma omp critical(counting)
  ++*counter;
}

void critical_in_the_callee_ok(void) {
  int hits = 0;
#pragma omp parallel num_threads(4)
  count_up(&hits);
  sink = hits;
}

static void plainly_count_up(int *counter) {
  ++*counter; // expected-warning {{is written here by several threads}}
}

void called_from_the_region_bad(void) {
  int hits = 0;
#pragma omp parallel num_threads(4)
  plainly_count_up(&hits);
  sink = hits;
}

void atomics_ok(void) {
  int hits = 0, seen = 0;
#pragma omp parallel num_threads(4) private(seen)
  {
#pragma omp atomic
    hits += 2;
#pragma omp atomic capture
    seen = hits++;
#pragma omp atomic read
    seen = hits;
  }
  sink = hits + seen;
}

void atomic_beside_plain_bad(void) {
  int hits = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp atomic
    hits += 2; // expected-warning {{'hits' is written here while another thread reads it}}
    if (hits > 1000)
      abort();
  }
}

void single_ok(void) {
  int limit = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp single
    limit = 7;
    if (limit != 7)
      abort();
  }
}

void single_nowait_bad(void) {
  int limit = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp single nowait
    limit = 7; // expected-warning {{'limit' is written here while another thread reads it}}
    if (limit > 7)
      abort();
  }
}

void master_has_no_barrier_bad(void) {
  int limit = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp master
    limit = 7; // expected-warning {{'limit' is written here while another thread reads it}}
    if (limit > 7)
      abort();
  }
}

void master_and_barrier_ok(void) {
  int limit = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp master
    limit = 7;
#pragma omp barrier
    if (limit > 7)
      abort();
#pragma omp barrier
#pragma omp master
    limit = 8;
#pragma omp master
    limit++;
  }
}

void barrier_in_a_loop_ok(void) {
  int round = 0;
#pragma omp parallel num_threads(4)
  for (int i = 0; i < 3; ++i) {
#pragma omp single nowait
    round = i;
#pragma omp barrier
    if (round != i)
      abort();
#pragma omp barrier
  }
}

void sections_share_bad(void) {
  int last = 0;
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    last = 1; // expected-warning {{'last' is written here while another thread writes it}}
#pragma omp section
    last = 2;
  }
  sink = last;
}

void sections_of_their_own_ok(void) {
  int first = 0, second = 0;
#pragma omp parallel sections num_threads(2)
  {
#pragma omp section
    first = 1;
#pragma omp section
    second = 2;
  }
  sink = first + second;
}

void before_the_reduction_is_done_bad(void) {
  int sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp for reduction(+ : sum) nowait
    for (int i = 0; i < count; ++i) // expected-warning@-1 {{'sum' is written here while another}}
      sum += i;
    if (sum < 0)
      abort();
  }
}

void after_the_reduction_ok(void) {
  int sum = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp for reduction(+ : sum)
    for (int i = 0; i < count; ++i)
      sum += i;
    if (sum < 0)
      abort();
  }
}

static int of_each_thread;
#pragma omp threadprivate(of_each_thread)

void threadprivate_ok(void) {
#pragma omp parallel num_threads(4)
  of_each_thread++;
}

void locks_ok(void) {
  omp_lock_t lock;
  int hits = 0;
  omp_init_lock(&lock);
#pragma omp parallel num_threads(4)
  {
    omp_set_lock(&lock);
    hits++;
    omp_unset_lock(&lock);
    if (omp_test_lock(&lock)) {
      hits++;
      omp_unset_lock(&lock);
    }
  }
  omp_destroy_lock(&lock);
  sink = hits;
}

void one_thread_only_ok(void) {
  int hits = 0;
#pragma omp parallel num_threads(1)
  hits++;
#pragma omp parallel if (0)
  hits++;
  sink = hits;
}

void after_the_region_ok(void) {
  int result = 1;
#pragma omp parallel num_threads(4)
  if (result == 0)
    abort();
  result = 2;
#pragma omp parallel num_threads(4)
  if (result == 0)
    abort();
  sink = result;
}

void branch_on_data_bad(void) {
  int largest = -1;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    if (data[i] > largest)
      largest = data[i] + i; // expected-warning {{'largest' is written here}}
  sink = largest;
}

void branch_on_the_thread_ok(void) {
  int threads = 0, chosen = 0, last = 0;
#pragma omp parallel num_threads(4)
  {
    int me = omp_get_thread_num();
    if (omp_get_thread_num() == 0)
      threads = omp_get_num_threads();
    if (me == 1)
      chosen = me;
    if (!me)
      last = 4;
  }
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    if (i == count - 1)
      last = i;
  sink = threads + chosen + last;
}

SCENARIO_MAIN(SCENARIO(sum_without_reduction_bad), SCENARIO(sum_with_reduction_ok),
              SCENARIO(shared_temporary_bad), SCENARIO(private_temporary_ok),
              SCENARIO(local_temporary_ok), SCENARIO(first_and_last_private_ok),
              SCENARIO(inner_loop_variable_bad), SCENARIO(private_loop_variables_ok),
              SCENARIO(one_critical_name_ok), SCENARIO(two_critical_names_bad),
              SCENARIO(critical_in_the_callee_ok), SCENARIO(called_from_the_region_bad),
              SCENARIO(atomics_ok), SCENARIO(atomic_beside_plain_bad), SCENARIO(single_ok),
              SCENARIO(single_nowait_bad), SCENARIO(master_has_no_barrier_bad),
              SCENARIO(master_and_barrier_ok), SCENARIO(barrier_in_a_loop_ok),
              SCENARIO(sections_share_bad), SCENARIO(sections_of_their_own_ok),
              SCENARIO(before_the_reduction_is_done_bad), SCENARIO(after_the_reduction_ok),
              SCENARIO(threadprivate_ok), SCENARIO(locks_ok), SCENARIO(one_thread_only_ok),
              SCENARIO(after_the_region_ok), SCENARIO(branch_on_data_bad),
              SCENARIO(branch_on_the_thread_ok))
