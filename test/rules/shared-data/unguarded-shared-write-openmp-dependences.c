// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=gnu17 -fopenmp
// RUN: %tsan_cc -fopenmp %s -o %t
// RUN: %race_found %t other_object_bad
// RUN: %t ok

// OpenMP dependences: of tasks that nobody waits for, of those that are done where they stand, of
// work for a device, and those of which nobody can tell which objects they are about.
#include "../scenarios.h"

#include <omp.h>
#include <stdlib.h>

static int sink;

// The thread that gets to the second task goes on after it, and so after the first one.
void done_at_once_ok(void) {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(inout : result)
    result = 1;
#pragma omp task if (0) depend(in : result)
    {
    }
    result = 2;
  }
  sink = result;
}

void inside_of_what_is_done_at_once_ok(void) {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(out : result)
    result = 1;
#pragma omp task if (0) shared(result) depend(inout : result)
    result = 2;
    result = 3;
  }
  sink = result;
}

void other_object_bad(void) {
  int result = 0, other = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(out : result)
    result = 1; // expected-warning {{'result' is written here while another thread writes it}}
#pragma omp task if (0) depend(inout : other)
    {
    }
    result = 2;
  }
  sink = result + other;
}

// Nothing here is a race, but what stands for a dependence is known when the program runs.
void kept_dependence_ok(void) {
  int result = 0;
  omp_depend_t written, read;
#pragma omp depobj(written) depend(inout : result)
#pragma omp depobj(read) depend(in : result)
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(depobj : written)
    result = 1;
#pragma omp task shared(result) depend(depobj : read)
    if (result != 1)
      abort();
#pragma omp task shared(result) depend(inout : result)
    result = 2;
  }
#pragma omp depobj(written) destroy
#pragma omp depobj(read) destroy
  sink = result;
}

static void chosen(int which) {
  int left = 0, right = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(left, right) depend(out : *(which ? &left : &right))
    *(which ? &left : &right) = 1;
#pragma omp task shared(left, right) depend(in : left, right)
    if (left + right != 1)
      abort();
  }
  sink = left + right;
}

void chosen_object_ok(void) { chosen(1); }

static void each(int rows) {
  int data[10] = {0};
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(data) depend(iterator(i = 0 : rows), out : data[i])
    data[1] = 1;
#pragma omp task shared(data) depend(in : data[1])
    if (data[1] != 1)
      abort();
  }
  sink = data[1];
}

void counted_objects_ok(void) { each(10); }

// ThreadSanitizer does not see a device's work.
void device_waits_ok(void) {
  int result = 0, wrong = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(out : result)
    result = 1;
#pragma omp target map(tofrom : result, wrong) depend(inout : result)
    {
      wrong = result != 1;
      result = 2;
    }
    if (wrong)
      abort();
#pragma omp target nowait map(tofrom : result) depend(inout : result)
    result = 3;
#pragma omp task shared(result) depend(in : result)
    sink = result;
  }
}

void device_does_not_wait_bad(void) {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp target nowait map(tofrom : result) depend(inout : result)
    result = 3; // expected-warning {{'result' is written here while another thread reads it}}
    sink = result;
  }
}

// Waits for what it names, and for what that waits for; not for the rest.
void waits_for_another_bad(void) {
  int result = 0, other = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(out : result)
    result = 1; // expected-warning {{'result' is written here while another thread reads it}}
#pragma omp task shared(other) depend(out : other)
    other = 1;
#pragma omp taskwait depend(in : other)
    sink = result + other;
#pragma omp taskwait
  }
}

void waits_for_none_of_them_bad(void) {
  int result = 0, other = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result)
    result = 1; // expected-warning {{'result' is written here while another thread reads it}}
#pragma omp task shared(other) depend(inout : other)
    other = 1;
#pragma omp taskwait depend(in : other)
    sink = result + other;
#pragma omp taskwait
  }
}

void waits_for_the_first_of_them_bad(void) {
  int first = 0, second = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(first) depend(inout : first)
    first = 1;
#pragma omp task shared(first, second) depend(in : first) depend(inout : second)
    second = first; // expected-warning {{'second' is written here while another thread reads it}}
#pragma omp taskwait depend(in : first)
    sink = first + second;
#pragma omp taskwait
  }
}

void waits_by_name_ok(void) {
  int result = 0, first = 0, second = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result, first) depend(out : first)
    result = first = 1;
#pragma omp task shared(first, second) depend(in : first) depend(out : second)
    second = first;
#pragma omp taskwait depend(in : second)
    sink = result + second;
  }
}

void waits_for_an_element_ok(void) {
  int results[8] = {0};
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int i = 0; i < 8; i++) {
#pragma omp task shared(results) depend(out : results[i])
    results[i] = i;
#pragma omp taskwait depend(in : results[i])
    sink = results[i];
  }
}

// Dependences order tasks of one thread; here each thread makes its own.
void task_of_each_thread_bad(void) {
  int count = 0;
#pragma omp parallel num_threads(4)
#pragma omp task depend(inout : count) shared(count)
  count++; // expected-warning {{'count' is written here by several threads}}
  sink = count;
}

void tasks_of_one_thread_ok(void) {
  int count = 0;
#pragma omp parallel num_threads(4)
#pragma omp master
  for (int i = 0; i < 8; i++) {
#pragma omp task depend(inout : count) shared(count)
    count++;
  }
  sink = count;
}

SCENARIO_MAIN(SCENARIO(waits_by_name_ok), SCENARIO(waits_for_an_element_ok),
              SCENARIO(tasks_of_one_thread_ok), SCENARIO(done_at_once_ok),
              SCENARIO(inside_of_what_is_done_at_once_ok), SCENARIO(other_object_bad),
              SCENARIO(kept_dependence_ok), SCENARIO(chosen_object_ok),
              SCENARIO(counted_objects_ok))
