// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t default_reference_capture_bad
// RUN: %race_found %t reference_capture_by_two_threads_bad
// RUN: %race_found %t named_lambda_twice_bad
// RUN: %race_found %t lambda_called_by_the_spawner_too_bad
// RUN: %race_found %t inner_lambda_bad
// RUN: %race_found %t held_in_std_function_bad
// RUN: %race_found %t bound_reference_bad
// RUN: %race_found %t spawned_in_loop_by_reference_bad
// RUN: %t ok

// What a lambda captures, and how: a reference shares, a copy does not.
#include "../scenarios.h"

#include <cstdio>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

void default_reference_capture_bad() {
  int done = 0;
  std::thread worker([&] {
    done = 1; // expected-warning {{'done' is written}}
  });
  std::printf("%d\n", done);
  worker.join();
}

void reference_capture_by_two_threads_bad() {
  int shared = 0;
  std::thread first([&shared] {
    ++shared; // expected-warning {{'shared' is written}}
  });
  std::thread second([&shared] { ++shared; });
  first.join();
  second.join();
}

void named_lambda_twice_bad() {
  int runs = 0;
  const auto run = [&runs] {
    ++runs; // expected-warning {{'runs' is written}}
  };
  std::thread first(run);
  std::thread second(run);
  first.join();
  second.join();
}

void lambda_called_by_the_spawner_too_bad() {
  int calls = 0;
  const auto call = [&calls] {
    ++calls; // expected-warning {{'calls' is written}}
  };
  std::thread worker(call);
  call();
  worker.join();
}

void inner_lambda_bad() {
  int depth = 0;
  std::thread worker([&] {
    const auto inner = [&] {
      ++depth; // expected-warning {{'depth' is written}}
    };
    inner();
  });
  std::printf("%d\n", depth);
  worker.join();
}

void held_in_std_function_bad() {
  int state = 0;
  const std::function<void()> change = [&state] {
    state = 1; // expected-warning {{'state' is written}}
  };
  std::thread worker(change);
  std::printf("%d\n", state);
  worker.join();
}

void bound_reference_bad() {
  int level = 0;
  std::thread worker([&alias = level] {
    alias = 1; // expected-warning {{' is written}}
  });
  std::printf("%d\n", level);
  worker.join();
}

void spawned_in_loop_by_reference_bad() {
  int steps = 0;
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back([&steps] {
      ++steps; // expected-warning {{'steps' is written}}
    });
  for (std::thread &worker : workers)
    worker.join();
}

void capture_by_value_ok() {
  int count = 0;
  std::thread worker([count]() mutable {
    ++count;
    std::printf("%d\n", count);
  });
  ++count;
  worker.join();
}

void default_value_capture_ok() {
  int count = 0;
  std::thread worker([=] { std::printf("%d\n", count); });
  ++count;
  worker.join();
}

void init_capture_moves_ok() {
  std::vector<int> values = {1, 2};
  std::thread worker([mine = std::move(values)]() mutable { mine.push_back(3); });
  values = {4};
  worker.join();
}

void called_by_one_thread_only_ok() {
  int count = 0;
  const auto add = [&count] { ++count; };
  add();
  std::thread worker(add);
  worker.join();
  add();
}

void captured_but_not_touched_ok() {
  int seen = 0;
  int counted = 0;
  std::thread worker([&] { counted = 1; });
  seen = 1;
  worker.join();
  std::printf("%d %d\n", seen, counted);
}

void local_of_the_lambda_ok() {
  const auto work = [] {
    int local = 0;
    ++local;
    std::printf("%d\n", local);
  };
  std::thread worker(work);
  work();
  worker.join();
}

void reference_and_lock_captured_ok() {
  std::mutex mutex;
  int count = 0;
  const auto add = [&] {
    const std::lock_guard lock(mutex);
    ++count;
  };
  std::thread first(add);
  std::thread second(add);
  first.join();
  second.join();
}

void own_argument_ok() {
  const auto work = [](int value) {
    value += 1;
    std::printf("%d\n", value);
  };
  int value = 1;
  std::thread first(work, value);
  std::thread second(work, value);
  value = 2;
  first.join();
  second.join();
}

SCENARIO_MAIN(SCENARIO(default_reference_capture_bad),
              SCENARIO(reference_capture_by_two_threads_bad), SCENARIO(named_lambda_twice_bad),
              SCENARIO(lambda_called_by_the_spawner_too_bad), SCENARIO(inner_lambda_bad),
              SCENARIO(held_in_std_function_bad), SCENARIO(bound_reference_bad),
              SCENARIO(spawned_in_loop_by_reference_bad), SCENARIO(capture_by_value_ok),
              SCENARIO(default_value_capture_ok), SCENARIO(init_capture_moves_ok),
              SCENARIO(called_by_one_thread_only_ok), SCENARIO(captured_but_not_touched_ok),
              SCENARIO(local_of_the_lambda_ok), SCENARIO(reference_and_lock_captured_ok),
              SCENARIO(own_argument_ok))
