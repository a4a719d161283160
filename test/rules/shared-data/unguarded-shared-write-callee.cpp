// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t two_levels_deep_bad
// RUN: %race_found %t through_a_pointer_parameter_bad
// RUN: %race_found %t through_a_reference_parameter_bad
// RUN: %race_found %t one_caller_forgets_the_lock_bad
// RUN: %race_found %t spawned_by_a_callee_bad
// RUN: %race_found %t recursive_callee_bad
// RUN: %race_found %t function_pointer_bad
// RUN: %t ok

// Through calls: the write, the lock or the join stands in a function that the thread calls.
#include "../scenarios.h"

#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>

int total = 0;

void add_to_total() {
  ++total; // expected-warning {{'total' is written}}
}
void process_one() { add_to_total(); }
void process_all() {
  for (int i = 0; i < 2; ++i)
    process_one();
}

void two_levels_deep_bad() {
  std::thread worker(process_all);
  std::printf("%d\n", total);
  worker.join();
}

void store_one(int *out) {
  *out = 1; // expected-warning {{out' is written}}
}

void through_a_pointer_parameter_bad() {
  int out = 0;
  std::thread worker([&out] { store_one(&out); });
  std::printf("%d\n", out);
  worker.join();
}

struct statistics {
  int errors = 0;
};

void count_error(statistics &s) {
  s.errors += 1; // expected-warning {{errors' is written}}
}

void through_a_reference_parameter_bad() {
  statistics s;
  std::thread worker([&s] { count_error(s); });
  count_error(s);
  worker.join();
}

std::mutex cache_mutex;
int cache_size = 0;

void grow_cache() {
  ++cache_size; // expected-warning {{'cache_size' is written}}
}

void grow_cache_locked() {
  const std::lock_guard lock(cache_mutex);
  grow_cache();
}

void one_caller_forgets_the_lock_bad() {
  std::thread worker(grow_cache_locked);
  grow_cache();
  worker.join();
}

int spawned_inside = 0;

std::thread start() {
  return std::thread([] {
    spawned_inside = 1; // expected-warning {{'spawned_inside' is written}}
  });
}

void spawned_by_a_callee_bad() {
  std::thread worker = start();
  std::printf("%d\n", spawned_inside);
  worker.join();
}

int countdown_left = 0;

void count_down(int n) {
  countdown_left = n; // expected-warning {{'countdown_left' is written}}
  if (n > 0)
    count_down(n - 1);
}

void recursive_callee_bad() {
  std::thread worker(count_down, 2);
  count_down(2);
  worker.join();
}

int by_pointer_to_function = 0;

void change_it() {
  by_pointer_to_function = 1; // expected-warning {{'by_pointer_to_function' is written}}
}

void function_pointer_bad() {
  void (*const change)() = &change_it;
  std::thread worker(change);
  std::printf("%d\n", by_pointer_to_function);
  worker.join();
}

int log_size = 0;
std::mutex log_mutex;

void grow_log() { ++log_size; }

void grow_log_locked() {
  const std::lock_guard lock(log_mutex);
  grow_log();
}

void lock_held_by_every_caller_ok() {
  std::thread worker(grow_log_locked);
  grow_log_locked();
  worker.join();
}

int queue_size = 0;
std::mutex queue_mutex;

void grow_queue() {
  const std::lock_guard lock(queue_mutex);
  ++queue_size;
}
void grow_queue_twice() {
  grow_queue();
  grow_queue();
}

void callee_locks_ok() {
  std::thread worker(grow_queue_twice);
  grow_queue();
  worker.join();
}

int sizes = 3;

int twice_sizes() { return 2 * sizes; }

void callee_only_reads_ok() {
  std::thread worker([] { std::printf("%d\n", twice_sizes()); });
  std::printf("%d\n", twice_sizes());
  worker.join();
}

void fill(int &slot) { slot = 1; }

void each_call_its_own_object_ok() {
  int mine = 0;
  int its = 0;
  std::thread worker([&its] { fill(its); });
  fill(mine);
  worker.join();
}

void work_on_locals() {
  int local = 0;
  fill(local);
  statistics s;
  ++s.errors;
}

void callee_writes_locals_ok() {
  std::thread worker(work_on_locals);
  work_on_locals();
  worker.join();
}

int finished_value = 0;

void wait_for(std::thread &worker) { worker.join(); }

void callee_joins_ok() {
  std::thread worker([] { finished_value = 1; });
  wait_for(worker);
  std::printf("%d\n", finished_value);
}

void add_under_lock(std::mutex &mutex, int &sum) {
  const std::lock_guard lock(mutex);
  ++sum;
}

void mutex_passed_along_ok() {
  std::mutex mutex;
  int sum = 0;
  std::thread worker(add_under_lock, std::ref(mutex), std::ref(sum));
  add_under_lock(mutex, sum);
  worker.join();
}

int started_and_joined = 0;

void run_to_the_end() {
  std::thread worker([] { ++started_and_joined; });
  worker.join();
}

void callee_starts_and_joins_ok() {
  run_to_the_end();
  ++started_and_joined;
  run_to_the_end();
}

int error_count = 0;

void report(bool failed) {
  if (failed)
    ++error_count;
}

void not_called_from_a_thread_ok() {
  std::thread worker([] { std::puts("working"); });
  report(true);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(two_levels_deep_bad), SCENARIO(through_a_pointer_parameter_bad),
              SCENARIO(through_a_reference_parameter_bad),
              SCENARIO(one_caller_forgets_the_lock_bad), SCENARIO(spawned_by_a_callee_bad),
              SCENARIO(recursive_callee_bad), SCENARIO(function_pointer_bad),
              SCENARIO(lock_held_by_every_caller_ok), SCENARIO(callee_locks_ok),
              SCENARIO(callee_only_reads_ok), SCENARIO(each_call_its_own_object_ok),
              SCENARIO(callee_writes_locals_ok), SCENARIO(callee_joins_ok),
              SCENARIO(mutex_passed_along_ok), SCENARIO(callee_starts_and_joins_ok),
              SCENARIO(not_called_from_a_thread_ok))
