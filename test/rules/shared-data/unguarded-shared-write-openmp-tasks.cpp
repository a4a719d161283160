// REQUIRES: openmp
// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20 -fopenmp
// RUN: %tsan_cxx -fopenmp %s -o %t
// RUN: %race_found %t siblings_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t growing_vector_bad
// RUN: %race_found %t counter_of_each_task_bad
// RUN: %race_found %t counter_of_the_taskloop_bad
// RUN: %t ok

// OpenMP tasks, and regions in C++: members, containers, lambdas, templates, offloading.
#include "../scenarios.h"

#include <cstdlib>
#include <vector>

static int sink;

void siblings_bad() {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int i = 0; i < 100; ++i) {
#pragma omp task shared(result)
    result = i; // expected-warning {{'result' is written here}}
  }
  sink = result;
}

void waited_for_ok() {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result)
    result = 1;
#pragma omp taskwait
#pragma omp task shared(result)
    result = 2;
  }
  sink = result;
}

void not_waited_for_bad() {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result)
    result = 1; // expected-warning {{'result' is written here while another thread reads it}}
    if (result > 1)
      abort();
  }
}

void dependent_ok() {
  int result = 0, copy = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(out : result)
    result = 1;
#pragma omp task shared(result, copy) depend(in : result)
    copy = result;
  }
  sink = copy;
}

void both_only_read_by_their_words_bad() {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp task shared(result) depend(in : result)
    result = 1; // expected-warning {{'result' is written here while another thread reads it}}
#pragma omp task shared(result) depend(in : result)
    sink = result;
  }
}

void grouped_ok() {
  int result = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  {
#pragma omp taskgroup
    {
#pragma omp task shared(result)
      {
#pragma omp task shared(result)
        result = 1;
      }
    }
    result = 2;
  }
  sink = result;
}

void one_for_each_thread_bad() {
  int result = 0;
#pragma omp parallel num_threads(4)
  {
#pragma omp task shared(result)
    result = 1; // expected-warning {{'result' is written here by several threads}}
  }
  sink = result;
}

static int fibonacci(int n) {
  if (n < 2)
    return n;
  int left, right;
#pragma omp task shared(left)
  left = fibonacci(n - 1);
#pragma omp task shared(right)
  right = fibonacci(n - 2);
#pragma omp taskwait
  return left + right;
}

void recursion_ok() {
#pragma omp parallel num_threads(4)
#pragma omp single
  sink = fibonacci(12);
}

static int hasty_fibonacci(int n) {
  if (n < 2)
    return n;
  int left = 0;
#pragma omp task shared(left)
  left = hasty_fibonacci(n - 1); // expected-warning {{'left' is written here while another}}
  return left;
}

void no_wait_before_the_result_bad() {
#pragma omp parallel num_threads(4)
#pragma omp single
  sink = hasty_fibonacci(5);
}

void taskloop_bad() {
  int last = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
#pragma omp taskloop shared(last)
  for (int i = 0; i < 100; ++i)
    last = i; // expected-warning {{'last' is written here by several threads}}
  sink = last;
}

void taskloop_ok() {
  static int all[100];
#pragma omp parallel num_threads(4)
#pragma omp single
#pragma omp taskloop
  for (int i = 0; i < 100; ++i)
    all[i] = i;
}

struct Statistics {
  int hits = 0;
  int all[100] = {};

  void count_bad() {
#pragma omp parallel for num_threads(4)
    for (int i = 0; i < 1000; ++i)
      hits += i; // expected-warning {{'hits' is written here by several threads}}
  }
  void count_ok() {
#pragma omp parallel for num_threads(4)
    for (int i = 0; i < 100; ++i) {
      all[i] += 1;
#pragma omp atomic
      hits += i;
    }
  }
};

void member_bad() {
  Statistics statistics;
  statistics.count_bad();
  sink = statistics.hits;
}

void member_ok() {
  Statistics statistics;
  statistics.count_ok();
  sink = statistics.hits;
}

void growing_vector_bad() {
  std::vector<int> found;
  found.reserve(1000); // a size that is torn must not be allocated
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 1000; ++i)
    found.push_back(i); // expected-warning {{'found' is written here by several threads}}
}

void guarded_vector_ok() {
  std::vector<int> found;
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 1000; ++i) {
#pragma omp critical
    found.push_back(i);
  }
}

void vector_elements_ok() {
  std::vector<int> squares(1000);
#pragma omp parallel for num_threads(4)
  for (int i = 0; i < 1000; ++i)
    squares[i] = i * i;
}

template <typename T> T total(const std::vector<T> &values) {
  T sum = 0;
#pragma omp parallel for num_threads(4) reduction(+ : sum)
  for (std::size_t i = 0; i < values.size(); ++i)
    sum += values[i];
  return sum;
}

void template_ok() { sink = total(std::vector<int>(100, 1)); }

void lambda_in_the_region_ok() {
#pragma omp parallel num_threads(4)
  {
    int own = 0;
    auto add = [&](int by) { own += by; };
    add(1);
    add(2);
  }
}

void team_in_a_lambda_ok() {
  int hits = 0;
  auto run = [&] {
#pragma omp parallel num_threads(4)
    {
#pragma omp critical
      ++hits;
    }
  };
  run();
  sink = hits;
}

void offloaded_bad(int *data) {
#pragma omp target teams distribute parallel for map(tofrom : data[0 : 1000])
  for (int i = 0; i < 999; ++i)
    data[i] = data[i + 1]; // expected-warning {{is written here while another thread reads it}}
}

void offloaded_ok(int *data) {
#pragma omp target teams distribute parallel for map(tofrom : data[0 : 1000])
  for (int i = 0; i < 1000; ++i)
    data[i] += 1;
}

void simd_is_one_thread_ok(int *data) {
  int last = 0;
#pragma omp simd
  for (int i = 1; i < 1000; ++i)
    last = data[i] = i;
  sink = last;
}

void pointer_of_the_thread_ok(int *data) {
#pragma omp parallel for num_threads(4) firstprivate(data)
  for (int i = 0; i < 100; ++i) {
    int *mine = data + 10 * i;
    for (int j = 0; j < 10; ++j)
      mine[j] = i;
  }
}

void counter_of_each_task_bad() {
  int i, total = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int k = 0; k < 8; ++k) {
#pragma omp task private(i) shared(total)
    for (i = 0; i < 100; i++)
      total += i; // expected-warning {{'total' is written here}}
  }
  sink = total;
}

void counter_of_the_taskloop_bad() {
  int i, total = 0;
#pragma omp parallel num_threads(4)
#pragma omp single
#pragma omp taskloop grainsize(1) shared(total)
  for (i = 0; i < 100; i++)
    total += i; // expected-warning {{'total' is written here}}
  sink = total;
}

void elements_of_each_task_ok() {
  static int squares[800];
  int i;
#pragma omp parallel num_threads(4)
#pragma omp single
  for (int k = 0; k < 8; ++k) {
#pragma omp task private(i) firstprivate(k)
    for (i = 100 * k; i < 100 * k + 100; i++)
      squares[i] = i * i;
  }
}

SCENARIO_MAIN(SCENARIO(counter_of_each_task_bad), SCENARIO(counter_of_the_taskloop_bad),
              SCENARIO(elements_of_each_task_ok), SCENARIO(siblings_bad), SCENARIO(waited_for_ok),
              SCENARIO(dependent_ok), SCENARIO(grouped_ok), SCENARIO(recursion_ok),
              SCENARIO(taskloop_ok), SCENARIO(member_bad), SCENARIO(member_ok),
              SCENARIO(growing_vector_bad), SCENARIO(guarded_vector_ok),
              SCENARIO(vector_elements_ok), SCENARIO(template_ok),
              SCENARIO(lambda_in_the_region_ok), SCENARIO(team_in_a_lambda_ok))
