// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t push_back_from_two_threads_bad
// RUN: %race_found %t map_insert_bad
// RUN: %race_found %t map_subscript_bad
// RUN: %race_found %t string_append_bad
// RUN: %race_found %t cleared_while_read_bad
// RUN: %race_found %t same_element_bad
// RUN: %race_found %t assigned_whole_bad
// RUN: %race_found %t array_filled_bad
// RUN: %t ok

// Containers: what changes the container is a write to it, what changes one element is not.
#include "../scenarios.h"

#include <array>
#include <cstdio>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

std::vector<int> values;

void append() {
  values.push_back(1); // expected-warning {{'values' is written}}
}

void push_back_from_two_threads_bad() {
  values.reserve(16);
  std::thread first(append);
  std::thread second(append);
  first.join();
  second.join();
}

std::map<int, int> ages;

void map_insert_bad() {
  std::thread worker([] {
    ages.insert({1, 30}); // expected-warning {{'ages' is written}}
  });
  ages.insert({2, 40});
  worker.join();
}

std::map<int, int> scores = {{1, 1}, {2, 2}};

void map_subscript_bad() {
  std::thread worker([] {
    scores[3] = 1; // expected-warning {{'scores' is written}}
  });
  std::printf("%zu\n", scores.size());
  worker.join();
}

void string_append_bad() {
  std::string text = "a";
  std::thread worker([&text] {
    text += "b"; // expected-warning {{'text' is written}}
  });
  std::printf("%zu\n", text.size());
  worker.join();
}

void cleared_while_read_bad() {
  std::vector<int> numbers = {1, 2, 3};
  std::thread reader([&numbers] { std::printf("%zu\n", numbers.size()); });
  numbers.clear(); // expected-warning {{'numbers' is written}}
  reader.join();
}

void same_element_bad() {
  std::array<int, 2> cells{};
  std::thread worker([&cells] {
    cells[0] = 1; // expected-warning {{cells}}
  });
  std::printf("%d\n", cells[0]);
  worker.join();
}

void assigned_whole_bad() {
  std::string name = "one";
  std::thread reader([&name] { std::printf("%zu\n", name.size()); });
  name = "two"; // expected-warning {{'name' is written}}
  reader.join();
}

std::vector<int> appended;
std::mutex appended_mutex;

void append_guarded(int n) {
  const std::lock_guard lock(appended_mutex);
  appended.push_back(n);
}

void guarded_push_back_ok() {
  std::thread worker(append_guarded, 1);
  append_guarded(2);
  worker.join();
}

void each_thread_its_own_element_ok() {
  std::vector<int> results(3);
  std::vector<std::thread> workers;
  for (int i = 0; i < 3; ++i)
    workers.emplace_back([&results, i] { results[i] = i; });
  for (std::thread &worker : workers)
    worker.join();
}

void different_constant_index_ok() {
  int cells[2] = {};
  std::thread worker([&cells] { cells[0] = 1; });
  cells[1] = 2;
  worker.join();
}

const std::map<int, int> constants = {{1, 10}};

void only_const_members_ok() {
  std::set<int> filled;
  filled.insert(1);
  const auto look = [&filled] {
    std::printf("%zu %d %d\n", filled.count(1), constants.at(1),
                constants.find(1) != constants.end());
  };
  std::thread worker(look);
  look();
  worker.join();
}

void iterated_by_both_ok() {
  const std::vector<int> numbers = {1, 2, 3};
  const auto print = [&numbers] {
    for (int n : numbers)
      std::printf("%d\n", n);
  };
  std::thread worker(print);
  print();
  worker.join();
}

void own_container_merged_after_join_ok() {
  std::vector<int> mine;
  std::vector<int> its;
  std::thread worker([&its] { its.push_back(1); });
  mine.push_back(2);
  worker.join();
  mine.insert(mine.end(), its.begin(), its.end());
}

void copied_into_the_thread_ok() {
  std::vector<int> numbers = {1, 2, 3};
  std::thread worker([numbers]() mutable { numbers.push_back(4); });
  numbers.push_back(5);
  worker.join();
}

void element_by_reference_to_one_thread_ok() {
  std::vector<std::string> names(2);
  std::vector<std::thread> workers;
  for (std::string &name : names)
    workers.emplace_back([&name] { name = "set"; });
  for (std::thread &worker : workers)
    worker.join();
}

void container_of_threads_ok() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 2; ++i)
    workers.push_back(std::thread([] { std::puts("working"); }));
  for (std::thread &worker : workers)
    worker.join();
  workers.clear();
}

// To fill an array writes each of its elements; to ask how many there are reads none.
std::array<int, 4> levels{};

void fill_levels() {
  levels.fill(1); // expected-warning {{'levels' is written}}
}

void array_filled_bad() {
  std::thread worker(fill_levels);
  std::printf("%d\n", levels[2]);
  worker.join();
}

std::array<int, 4> sizes{};

void array_asked_for_its_size_ok() {
  std::thread worker([] { sizes.fill(1); });
  std::printf("%zu\n", sizes.size());
  worker.join();
}

SCENARIO_MAIN(SCENARIO(push_back_from_two_threads_bad), SCENARIO(map_insert_bad),
              SCENARIO(map_subscript_bad), SCENARIO(string_append_bad),
              SCENARIO(cleared_while_read_bad), SCENARIO(same_element_bad),
              SCENARIO(assigned_whole_bad), SCENARIO(array_filled_bad),
              SCENARIO(guarded_push_back_ok), SCENARIO(each_thread_its_own_element_ok),
              SCENARIO(different_constant_index_ok), SCENARIO(only_const_members_ok),
              SCENARIO(iterated_by_both_ok), SCENARIO(own_container_merged_after_join_ok),
              SCENARIO(copied_into_the_thread_ok), SCENARIO(element_by_reference_to_one_thread_ok),
              SCENARIO(container_of_threads_ok), SCENARIO(array_asked_for_its_size_ok))
