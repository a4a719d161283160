// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t by_thread_and_owner_bad
// RUN: %race_found %t given_to_function_bad
// RUN: %t ok

// Callables that a thread calls, and that the one who has started it calls itself meanwhile.
#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <thread>
#include <vector>

struct owner {
  std::function<void()> job;
  void both() {
    std::thread thread([this] { job(); });
    job();
    thread.join();
  }
  void one_after_the_other() {
    std::thread thread([this] { job(); });
    thread.join();
    job();
  }
  void before() {
    job();
    std::thread thread([this] { job(); });
    thread.join();
  }
};

void by_thread_and_owner_bad() {
  int count = 0;
  owner it;
  it.job = [&] {
    ++count; // expected-warning {{'count' is written here by several threads at the same time}}
  };
  it.both();
}

void run_twice(std::function<void()> job) {
  std::thread thread(job);
  job();
  thread.join();
}

void given_to_function_bad() {
  int count = 0;
  run_twice([&] {
    ++count; // expected-warning {{'count' is written here by several threads at the same time}}
  });
}

void locked_ok() {
  int count = 0;
  std::mutex mutex;
  owner it;
  it.job = [&] {
    std::lock_guard<std::mutex> guard(mutex);
    ++count;
  };
  it.both();
}

void joined_first_ok() {
  int count = 0;
  owner it;
  it.job = [&] { ++count; };
  it.one_after_the_other();
  it.before();
}

void run_both(std::function<void()> first, std::function<void()> second) {
  std::thread thread(first);
  second();
  thread.join();
}

void other_callable_ok() {
  int here = 0, there = 0;
  run_both([&] { ++here; }, [&] { ++there; });
}

void in_parallel(int count, const std::function<void(int)> &part) {
  std::vector<std::thread> threads;
  for (int i = 1; i < count; ++i)
    threads.emplace_back([&part, i] { part(i); });
  part(0);
  for (std::thread &each : threads)
    each.join();
}

void part_of_ones_own_ok() {
  int first = 0;
  int results[4];
  in_parallel(4, [&](int which) {
    if (which == 0)
      first = 1;
    results[which] = which;
  });
}

SCENARIO_MAIN(SCENARIO(by_thread_and_owner_bad), SCENARIO(given_to_function_bad),
              SCENARIO(locked_ok), SCENARIO(joined_first_ok), SCENARIO(other_callable_ok),
              SCENARIO(part_of_ones_own_ok))
