// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t after_one_of_two_joins_bad
// RUN: %race_found %t joined_on_one_branch_bad
// RUN: %race_found %t joined_after_the_next_spawn_bad
// RUN: %race_found %t jthread_still_alive_bad
// RUN: %race_found %t written_between_spawn_and_join_bad
// RUN: %race_found %t grandchild_not_joined_bad
// RUN: %t ok

// From the spawn to the join: what comes before the one or after the other is not shared.
#include "../scenarios.h"

#include <array>
#include <cstdio>
#include <thread>
#include <utility>
#include <vector>

int half_joined = 0;

void after_one_of_two_joins_bad() {
  std::thread first([] { std::puts("first"); });
  std::thread second([] {
    ++half_joined; // expected-warning {{'half_joined' is written}}
  });
  first.join();
  std::printf("%d\n", half_joined);
  second.join();
}

int sometimes_joined = 0;

void joined_on_one_branch(bool early) {
  std::thread worker([] {
    sometimes_joined = 1; // expected-warning {{'sometimes_joined' is written}}
  });
  if (early)
    worker.join();
  std::printf("%d\n", sometimes_joined);
  if (!early)
    worker.join();
}

void joined_on_one_branch_bad() { joined_on_one_branch(false); }

int overlapping = 0;

void joined_after_the_next_spawn_bad() {
  std::thread first([] {
    ++overlapping; // expected-warning {{'overlapping' is written}}
  });
  std::thread second([] { ++overlapping; });
  first.join();
  second.join();
}

int jthread_alive = 0;

void jthread_still_alive_bad() {
  std::jthread worker([] {
    jthread_alive = 1; // expected-warning {{'jthread_alive' is written}}
  });
  std::printf("%d\n", jthread_alive);
}

int between = 0;

void written_between_spawn_and_join_bad() {
  between = 1;
  std::thread worker([] { std::printf("%d\n", between); });
  between = 2; // expected-warning {{'between' is written}}
  worker.join();
  between = 3;
}

int grandchild_result = 0;

void grandchild_not_joined_bad() {
  std::thread grandchild;
  std::thread child([&grandchild] {
    grandchild = std::thread([] {
      grandchild_result = 1; // expected-warning {{'grandchild_result' is written}}
    });
  });
  child.join();
  std::printf("%d\n", grandchild_result);
  grandchild.join();
}

void after_join_ok() {
  int result = 0;
  std::thread worker([&] { result = 1; });
  worker.join();
  ++result;
  std::printf("%d\n", result);
}

void before_spawn_ok() {
  int input = 0;
  input = 3;
  std::thread worker([&] { std::printf("%d\n", input); });
  worker.join();
}

int optional_work = 0;

void start_or_do(bool start) {
  if (!start) {
    optional_work = 1;
    return;
  }
  std::thread worker([] { optional_work = 2; });
  worker.join();
}

void early_return_before_spawn_ok() {
  start_or_do(false);
  start_or_do(true);
}

void array_of_threads_ok() {
  int sum = 0;
  std::array<int, 3> parts{};
  std::thread workers[3];
  for (int i = 0; i < 3; ++i)
    workers[i] = std::thread([&parts, i] { parts[i] = i; });
  for (int i = 0; i < 3; ++i)
    workers[i].join();
  for (int part : parts)
    sum += part;
  std::printf("%d\n", sum);
}

int written_by_vector = 0;

void vector_of_threads_ok() {
  std::vector<std::thread> workers;
  workers.emplace_back([] { written_by_vector = 1; });
  workers.push_back(std::thread([] { std::puts("idle"); }));
  for (std::thread &worker : workers)
    worker.join();
  ++written_by_vector;
}

void jthread_scope_ok() {
  int result = 0;
  {
    std::jthread worker([&] { result = 1; });
  }
  std::printf("%d\n", result);
}

void vector_of_jthreads_cleared_ok() {
  int result = 0;
  std::vector<std::jthread> workers;
  workers.emplace_back([&] { result = 1; });
  workers.clear();
  std::printf("%d\n", result);
}

void join_all(std::vector<std::thread> &workers) {
  for (std::thread &worker : workers)
    worker.join();
}

void joined_by_a_helper_ok() {
  int result = 0;
  std::vector<std::thread> workers;
  workers.emplace_back([&] { result = 1; });
  join_all(workers);
  std::printf("%d\n", result);
}

void joined_if_joinable_ok() {
  int result = 0;
  std::thread worker([&] { result = 1; });
  if (worker.joinable())
    worker.join();
  std::printf("%d\n", result);
}

void moved_handle_ok() {
  int result = 0;
  std::thread worker([&] { result = 1; });
  std::thread owner = std::move(worker);
  owner.join();
  std::printf("%d\n", result);
}

int in_turns = 0;

void one_after_the_other_ok() {
  std::thread first([] { ++in_turns; });
  first.join();
  std::thread second([] { ++in_turns; });
  second.join();
}

void joined_in_the_same_iteration_ok() {
  int rounds = 0;
  for (int i = 0; i < 3; ++i) {
    std::thread worker([&] { ++rounds; });
    worker.join();
  }
  std::printf("%d\n", rounds);
}

void joined_on_both_branches(bool loud) {
  int result = 0;
  std::thread worker([&] { result = 1; });
  if (loud) {
    std::puts("joining");
    worker.join();
  } else {
    worker.join();
  }
  std::printf("%d\n", result);
}

void joined_on_both_branches_ok() {
  joined_on_both_branches(true);
  joined_on_both_branches(false);
}

int nested_result = 0;

void child_joins_grandchild_ok() {
  std::thread child([] {
    std::thread grandchild([] { nested_result = 1; });
    grandchild.join();
    ++nested_result;
  });
  child.join();
  std::printf("%d\n", nested_result);
}

std::thread start_writer(int &slot) {
  return std::thread([&slot] { slot = 1; });
}

void handle_returned_then_joined_ok() {
  int slot = 0;
  std::thread worker = start_writer(slot);
  worker.join();
  std::printf("%d\n", slot);
}

SCENARIO_MAIN(SCENARIO(after_one_of_two_joins_bad), SCENARIO(joined_on_one_branch_bad),
              SCENARIO(joined_after_the_next_spawn_bad), SCENARIO(jthread_still_alive_bad),
              SCENARIO(written_between_spawn_and_join_bad), SCENARIO(grandchild_not_joined_bad),
              SCENARIO(after_join_ok), SCENARIO(before_spawn_ok),
              SCENARIO(early_return_before_spawn_ok), SCENARIO(array_of_threads_ok),
              SCENARIO(vector_of_threads_ok), SCENARIO(jthread_scope_ok),
              SCENARIO(vector_of_jthreads_cleared_ok), SCENARIO(joined_by_a_helper_ok),
              SCENARIO(joined_if_joinable_ok), SCENARIO(moved_handle_ok),
              SCENARIO(one_after_the_other_ok), SCENARIO(joined_in_the_same_iteration_ok),
              SCENARIO(joined_on_both_branches_ok), SCENARIO(child_joins_grandchild_ok),
              SCENARIO(handle_returned_then_joined_ok))
