// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp
// RUN: %tsan_cc -fopenmp %s -o %t
// RUN: %race_found %t next_element_bad
// RUN: %race_found %t fixed_element_bad
// RUN: %race_found %t every_iteration_writes_all_bad
// RUN: %race_found %t pointer_parameter_bad
// RUN: %race_found %t mirrored_bad
// RUN: %race_found %t columns_overlap_bad
// RUN: %race_found %t all_threads_write_all_bad
// RUN: %race_found %t overlapping_blocks_bad
// RUN: %race_found %t fixed_element_in_steps_bad
// RUN: %race_found %t diagonals_together_bad
// RUN: %t ok

// OpenMP loops over arrays: which iterations touch the same element.
#include "../scenarios.h"

#include <omp.h>
#include <stdlib.h>

enum { count = 400 };
static int a[2 * count], b[2 * count];
static int grid[count][count];
static int sink;

void next_element_bad(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count - 1; ++i)
    a[i] = a[i + 1] + 1; // expected-warning {{'a' is written here while another thread reads}}
}

void same_element_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[i] = a[i] + b[i];
}

void fixed_element_bad(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[0] = i; // expected-warning {{is written here by several threads}}
}

void even_and_odd_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[2 * i] = a[2 * i + 1];
}

void lower_and_upper_half_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[i] = a[i + count];
}

static void halves(int *data, int length) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < length; ++i)
    data[i] = data[i + length];
}

void halves_of_unknown_length_ok(void) { halves(a, count); }

static void shift(int *data, int length) {
#pragma omp parallel for num_threads(4)
  for (int i = 1; i < length; ++i)
    data[i] = data[i - 1]; // expected-warning {{is written here while another thread reads}}
}

void pointer_parameter_bad(void) { shift(a, count); }

void every_iteration_writes_all_bad(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < 10; ++j)
      a[j] = i; // expected-warning {{'a' is written here by several threads}}
}

void rows_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    for (int j = 1; j < count; ++j)
      grid[i][j] = grid[i][j - 1];
}

void columns_overlap_bad(void) {
  int i, j;
#pragma omp parallel for num_threads(4) private(j)
  for (i = 1; i < count; i++)
    for (j = 0; j < count; j++)
      grid[i][j] = grid[i - 1][j]; // expected-warning {{is written here while another thread}}
}

void inner_loop_is_parallel_ok(void) {
  for (int i = 1; i < 20; ++i)
#pragma omp parallel for num_threads(4)
    for (int j = 0; j < count; ++j)
      grid[i][j] = grid[i - 1][j];
}

void rounds_with_barrier_ok(void) {
#pragma omp parallel num_threads(4)
  for (int i = 1; i < 20; ++i)
#pragma omp for
    for (int j = 1; j < count - 1; ++j)
      grid[i][j] = grid[i - 1][j - 1] + grid[i - 1][j + 1];
}

void collapsed_ok(void) {
#pragma omp parallel for num_threads(4) collapse(2)
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < count; ++j)
      grid[i][j] += 1;
}

void indirect_is_unknown_ok(void) {
  for (int i = 0; i < count; ++i)
    b[i] = i;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[b[i]] += 1;
}

void element_of_the_thread_ok(void) {
  int partial[64] = {0};
#pragma omp parallel num_threads(4)
  {
    int me = omp_get_thread_num();
    partial[me] = me;
#pragma omp for
    for (int i = 0; i < count; ++i)
      partial[me] += a[i];
    partial[omp_get_thread_num()] += 1;
  }
  sink = partial[0];
}

void mirrored_bad(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i)
    a[i] = a[count - 1 - i]; // expected-warning {{is written here while another thread reads it}}
}

void mirrored_halves_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count / 2; ++i)
    a[i] = a[count - 1 - i];
}

void blocks_of_four_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count / 4; ++i)
    for (int j = 0; j < 4; ++j)
      a[4 * i + j] = i;
}

void overlapping_blocks_bad(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count / 4; ++i)
    for (int j = 0; j < 5; ++j)
      a[4 * i + j] = i; // expected-warning {{is written here by several threads}}
}

void blocks_between_own_bounds_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int block = 0; block < count / 10; ++block)
    for (int j = block * 10; j < block * 10 + 10; ++j)
      a[j] = block;
}

void flattened_ok(void) {
  int width = 20;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 20; ++i)
    for (int j = 0; j < width; ++j)
      a[i * width + j] = i;
}

void chunk_of_the_thread_ok(void) {
#pragma omp parallel num_threads(4)
  {
    int me = omp_get_thread_num(), threads = omp_get_num_threads();
    int from = me * (count / threads), to = from + count / threads;
    for (int i = from; i < to; ++i)
      a[i] = me;
  }
}

void all_threads_write_all_bad(void) {
#pragma omp parallel num_threads(4)
  for (int i = 0; i < count; ++i)
    a[i] = i; // expected-warning {{'a' is written here by several threads}}
}

void two_loops_alike_ok(void) {
#pragma omp parallel num_threads(4)
  {
#pragma omp for nowait
    for (int i = 0; i < count; ++i)
      a[i] = i;
#pragma omp for
    for (int i = 0; i < count; ++i)
      b[i] = a[i];
  }
}

void second_loop_reads_neighbours_bad(void) {
#pragma omp parallel num_threads(4)
  {
#pragma omp for nowait
    for (int i = 0; i < count; ++i)
      a[i] = i; // expected-warning {{'a' is written here while another thread reads it}}
#pragma omp for
    for (int i = 0; i < count - 1; ++i)
      b[i] = a[i + 1];
  }
}

void second_loop_behind_the_barrier_ok(void) {
#pragma omp parallel num_threads(4)
  {
#pragma omp for
    for (int i = 0; i < count; ++i)
      a[i] = i;
#pragma omp for
    for (int i = 1; i < count; ++i)
      b[i] = a[i - 1];
  }
}

void taken_before_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; ++i) {
    const int here = i + 1;
    a[here] = b[here - 1];
  }
}

void ordered_by_the_program_ok(void) {
  int total = 0;
#pragma omp parallel for num_threads(4) ordered
  for (int i = 0; i < count; ++i) {
#pragma omp ordered
    total += a[i];
  }
  sink = total;
}

// ThreadSanitizer knows nothing of this order.
void doacross_ok(void) {
#pragma omp parallel for num_threads(4) ordered(1)
  for (int i = 1; i < 50; ++i) {
#pragma omp ordered depend(sink : i - 1)
    a[i] = a[i - 1];
#pragma omp ordered depend(source)
  }
}

void steps_of_two_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; i += 2)
    a[i] = a[i + 1];
}

static void in_steps(int step) {
  int i;
#pragma omp parallel for num_threads(4)
  for (i = 0; i < count; i += step)
    a[i] = b[i] + 1;
#pragma omp parallel num_threads(4) private(i)
  {
#pragma omp for
    for (i = count - 1; i >= 0; i = i - step)
      a[i] += i;
  }
}

void steps_of_unknown_size_ok(void) { in_steps(3); }

static void fixed_in_steps(int step) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < count; i += step)
    a[1] = i; // expected-warning {{is written here by several threads}}
}

void fixed_element_in_steps_bad(void) { fixed_in_steps(3); }

static void fill(int first, int last, int from, int to) {
#pragma omp parallel for num_threads(4) collapse(2)
  for (int i = first; i < last; ++i)
    for (int j = from; j < to; ++j)
      a[i * 20 + j] = b[i * 20 + j];
}

void flattened_together_ok(void) { fill(0, 20, 0, 20); }

static void triangle(int rows) {
#pragma omp parallel for num_threads(4) collapse(2)
  for (int i = 0; i < rows; ++i)
    for (int j = i; j < rows; ++j)
      grid[i][j] += 1;
}

void triangle_ok(void) { triangle(20); }

static void diagonals(int rows) {
#pragma omp parallel for num_threads(4) collapse(2)
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < rows; ++j)
      a[i + j] = i; // expected-warning {{is written here by several threads}}
}

void diagonals_together_bad(void) { diagonals(40); }

void one_iteration_ok(void) {
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 1; ++i)
    a[i] = a[i + 1];
}

SCENARIO_MAIN(SCENARIO(next_element_bad), SCENARIO(same_element_ok), SCENARIO(fixed_element_bad),
              SCENARIO(even_and_odd_ok), SCENARIO(lower_and_upper_half_ok),
              SCENARIO(halves_of_unknown_length_ok), SCENARIO(pointer_parameter_bad),
              SCENARIO(every_iteration_writes_all_bad), SCENARIO(rows_ok),
              SCENARIO(columns_overlap_bad), SCENARIO(inner_loop_is_parallel_ok),
              SCENARIO(rounds_with_barrier_ok), SCENARIO(collapsed_ok),
              SCENARIO(indirect_is_unknown_ok), SCENARIO(element_of_the_thread_ok),
              SCENARIO(mirrored_bad), SCENARIO(mirrored_halves_ok), SCENARIO(blocks_of_four_ok),
              SCENARIO(overlapping_blocks_bad), SCENARIO(blocks_between_own_bounds_ok),
              SCENARIO(flattened_ok), SCENARIO(chunk_of_the_thread_ok),
              SCENARIO(all_threads_write_all_bad), SCENARIO(two_loops_alike_ok),
              SCENARIO(second_loop_reads_neighbours_bad),
              SCENARIO(second_loop_behind_the_barrier_ok), SCENARIO(taken_before_ok),
              SCENARIO(ordered_by_the_program_ok), SCENARIO(steps_of_two_ok),
              SCENARIO(steps_of_unknown_size_ok), SCENARIO(fixed_element_in_steps_bad),
              SCENARIO(flattened_together_ok), SCENARIO(triangle_ok),
              SCENARIO(diagonals_together_bad), SCENARIO(one_iteration_ok))
