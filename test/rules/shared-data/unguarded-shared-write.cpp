// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t spawner_bad
// RUN: %race_found %t spawner_reads_bad
// RUN: %race_found %t spawner_writes_bad
// RUN: %race_found %t two_threads_bad
// RUN: %race_found %t same_function_twice_bad
// RUN: %race_found %t spawned_in_loop_bad
// RUN: %race_found %t static_local_bad
// RUN: %race_found %t std_ref_bad
// RUN: %race_found %t detached_bad
// RUN: %race_found %t sleep_is_no_order_bad
// RUN: %race_found %t volatile_flag_bad
// RUN: %t ok

// The plain cases: globals and locals that two std::threads reach.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>

// [example: bad]
int hits = 0;

void spawner_bad() {
  std::thread worker([] {
    ++hits; // expected-warning {{'hits' is written}}
  });
  ++hits;
  worker.join();
}
// [end]

// [example: good]
std::mutex total_mutex;
int total = 0;

void common_lock_ok() {
  std::thread worker([] {
    const std::lock_guard<std::mutex> lock(total_mutex);
    ++total;
  });
  {
    const std::lock_guard<std::mutex> lock(total_mutex);
    ++total;
  }
  worker.join();
}
// [end]

bool finished = false;

void spawner_reads_bad() {
  std::thread worker([] {
    finished = true; // expected-warning {{'finished' is written}}
  });
  if (finished)
    std::puts("finished");
  worker.join();
}

int limit = 0;

void spawner_writes_bad() {
  std::thread reader([] {
    if (limit > 3)
      std::puts("above");
  });
  limit = 4; // expected-warning {{'limit' is written}}
  reader.join();
}

int requests = 0;

void count_request() {
  requests += 1; // expected-warning {{'requests' is written}}
}

void print_requests() { std::printf("%d\n", requests); }

void two_threads_bad() {
  std::thread counter(count_request);
  std::thread printer(print_requests);
  counter.join();
  printer.join();
}

long served = 0;

void serve() {
  served++; // expected-warning {{'served' is written}}
}

void same_function_twice_bad() {
  std::thread first(serve);
  std::thread second(serve);
  first.join();
  second.join();
}

int ticks = 0;

void tick() {
  ticks = ticks + 1; // expected-warning {{'ticks' is written}}
}

void spawned_in_loop_bad() {
  std::thread workers[3];
  for (std::thread &worker : workers)
    worker = std::thread(tick);
  for (std::thread &worker : workers)
    worker.join();
}

int next_id() {
  static int last_id = 0;
  return ++last_id; // expected-warning {{'last_id' is written}}
}

void static_local_bad() {
  std::thread worker([] { std::printf("%d\n", next_id()); });
  std::printf("%d\n", next_id());
  worker.join();
}

void add_one(int &sum) {
  sum += 1; // expected-warning {{'sum' is written}}
}

void std_ref_bad() {
  int sum = 0;
  std::thread worker(add_one, std::ref(sum));
  std::printf("%d\n", sum);
  worker.join();
}

int progress = 0;

void detached_bad() {
  std::thread([] {
    progress = 1; // expected-warning {{'progress' is written}}
  }).detach();
  progress = 2;
  std::this_thread::sleep_for(std::chrono::milliseconds(100)); // lets the thread run
}

int answer = 0;

void sleep_is_no_order_bad() {
  std::thread worker([] {
    answer = 42; // expected-warning {{'answer' is written}}
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::printf("%d\n", answer);
  worker.join();
}

volatile bool stopping = false;

void volatile_flag_bad() {
  std::thread worker([] {
    if (!stopping)
      std::puts("running");
  });
  stopping = true; // expected-warning {{'stopping' is written}}
  worker.join();
}

std::atomic<int> atomic_hits = 0;
std::atomic_flag atomic_seen = ATOMIC_FLAG_INIT;

void atomic_ok() {
  std::thread worker([] {
    ++atomic_hits;
    atomic_seen.test_and_set();
  });
  atomic_hits = 3;
  if (!atomic_seen.test())
    atomic_hits.fetch_add(1, std::memory_order_relaxed);
  worker.join();
}

int plain_counter = 0;

void atomic_ref_ok() {
  std::thread worker([] { ++std::atomic_ref<int>(plain_counter); });
  ++std::atomic_ref<int>(plain_counter);
  worker.join();
}

const int table[] = {1, 2, 3};
int written_before = 0;

void only_reads_ok() {
  written_before = 5;
  std::thread worker([] { std::printf("%d %d\n", table[0], written_before); });
  std::printf("%d %d\n", table[0], written_before);
  worker.join();
}

int without_threads = 0;

void bump_without_threads() { ++without_threads; }

void called_twice_by_one_thread_ok() {
  bump_without_threads();
  bump_without_threads();
}

int thread_private = 0;

void only_the_thread_touches_it_ok() {
  std::thread worker([] {
    ++thread_private;
    std::printf("%d\n", thread_private);
  });
  worker.join();
}

int left = 0;
int right = 0;

void different_variables_ok() {
  std::thread worker([] { ++left; });
  ++right;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(spawner_bad), SCENARIO(common_lock_ok), SCENARIO(spawner_reads_bad),
              SCENARIO(spawner_writes_bad), SCENARIO(two_threads_bad),
              SCENARIO(same_function_twice_bad), SCENARIO(spawned_in_loop_bad),
              SCENARIO(static_local_bad), SCENARIO(std_ref_bad), SCENARIO(detached_bad),
              SCENARIO(sleep_is_no_order_bad), SCENARIO(volatile_flag_bad), SCENARIO(atomic_ok),
              SCENARIO(atomic_ref_ok), SCENARIO(only_reads_ok),
              SCENARIO(called_twice_by_one_thread_ok), SCENARIO(only_the_thread_touches_it_ok),
              SCENARIO(different_variables_ok))
