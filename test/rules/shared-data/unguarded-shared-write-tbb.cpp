// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Parallel loops, task groups and locks of oneTBB, by declarations alone.
#include "../../model/Inputs/tbb.h"

tbb::spin_mutex mutex;

int sum = 0;

void parallel_for_bad() {
  tbb::parallel_for(0, 8, [](int i) { sum += i; }); // expected-warning {{'sum' is written}}
}

int locked_sum = 0;

void parallel_for_locked_ok() {
  tbb::parallel_for(0, 8, [](int i) {
    tbb::spin_mutex::scoped_lock lock(mutex);
    locked_sum += i;
  });
}

int results[8];

void parallel_for_own_element_ok() {
  tbb::parallel_for(0, 8, [](int i) { results[i] = i; });
}

int both = 0;

void parallel_invoke_bad() {
  tbb::parallel_invoke([] { ++both; }, // expected-warning {{'both' is written}}
                       [] { ++both; });
}

int left = 0;
int right = 0;

void parallel_invoke_ok() {
  tbb::parallel_invoke([] { ++left; }, [] { ++right; });
  ++left;
}

int grouped = 0;

void task_group_bad() {
  tbb::task_group group;
  group.run([] { ++grouped; }); // expected-warning {{'grouped' is written}}
  ++grouped;
  group.wait();
}

int gathered = 0;

void task_group_ok() {
  tbb::task_group group;
  group.run([] { ++gathered; });
  group.wait();
  ++gathered;
}

tbb::concurrent_vector<int> collected;

void concurrent_container_ok() {
  tbb::parallel_for(0, 8, [](int i) { collected.push_back(i); });
}
