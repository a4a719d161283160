// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation,dangling-task-capture %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t same_in_list_bad
// RUN: %race_found %t same_in_array_bad
// RUN: %race_found %t same_pushed_bad
// RUN: %race_found %t same_in_parts_bad
// RUN: %race_found %t same_job_bad
// RUN: %race_found %t part_of_elements_bad
// RUN: %t ok

// A thread for each element of a list, an array or a container: what the elements lead to is
// another object each, unless all of them were given the same one.
#include "../scenarios.h"

#include <array>
#include <functional>
#include <initializer_list>
#include <memory>
#include <thread>
#include <vector>

struct worker {
  int count = 0;
  void run() { ++count; }
};

void join_all(std::vector<std::thread> &threads) {
  for (std::thread &each : threads)
    each.join();
}

void in_list_ok() {
  worker x, y;
  std::vector<std::thread> threads;
  for (worker *each : {&x, &y})
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void in_list_by_method_ok() {
  worker x, y;
  std::vector<std::thread> threads;
  for (worker *each : {&x, &y})
    threads.emplace_back(&worker::run, each);
  join_all(threads);
}

void by_reference_ok() {
  worker x, y;
  std::vector<std::thread> threads;
  for (std::reference_wrapper<worker> each : {std::ref(x), std::ref(y)})
    threads.emplace_back([each] { each.get().run(); });
  join_all(threads);
}

void start_each(std::initializer_list<worker *> all) {
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void given_list_ok() {
  worker x, y;
  start_each({&x, &y});
}

void in_vector_ok() {
  worker x, y;
  std::vector<worker *> all{&x, &y};
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void in_array_ok() {
  worker x, y;
  worker *all[] = {&x, &y};
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back([each = all[i]] { each->run(); });
  join_all(threads);
}

void single_ok() {
  worker x;
  std::vector<std::thread> threads;
  for (worker *each : {&x})
    threads.emplace_back([each] { each->run(); });
  std::vector<worker *> all;
  join_all(threads);
  all.push_back(&x);
  for (worker *each : all)
    threads.back() = std::thread([each] { each->run(); });
  join_all(threads);
}

void same_in_list_bad() {
  int x = 0;
  std::vector<std::thread> threads;
  for (int *each : {&x, &x})
    threads.emplace_back([each] {
      ++*each; // expected-warning {{is written here by several threads}}
    });
  join_all(threads);
}

void same_in_array_bad() {
  int x = 0;
  int *all[2];
  for (int i = 0; i < 2; ++i)
    all[i] = &x;
  std::vector<std::thread> threads;
  for (int *each : all)
    threads.emplace_back([each] {
      ++*each; // expected-warning {{is written here by several threads}}
    });
  join_all(threads);
}

void other_by_number(int i, int j) {
  worker x, y;
  worker *all[2];
  all[i] = &x;
  all[j] = &y;
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void other_by_number_ok() { other_by_number(0, 1); }

void some_other_ok() {
  worker x, y, z;
  worker *all[3];
  for (int i = 0; i < 3; ++i)
    all[i] = &x;
  all[1] = &y;
  all[2] = &z;
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void same_pushed_bad() {
  int x = 0;
  std::vector<int *> all;
  for (int i = 0; i < 2; ++i)
    all.push_back(&x);
  std::vector<std::thread> threads;
  for (int *each : all)
    threads.emplace_back([each] {
      ++*each; // expected-warning {{is written here by several threads}}
    });
  join_all(threads);
}

void other_pushed_ok() {
  worker x, y;
  std::vector<worker *> all;
  all.push_back(&x);
  all.push_back(&y);
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void each_made_ok() {
  std::vector<std::shared_ptr<worker>> all;
  for (int i = 0; i < 2; ++i)
    all.push_back(std::make_shared<worker>());
  std::vector<std::thread> threads;
  for (auto &each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void each_from_pool_ok() {
  std::array<worker, 3> pool;
  std::vector<worker *> all;
  for (worker &each : pool)
    all.push_back(&each);
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

void fill(std::vector<worker *> &all, worker &with) { all.push_back(&with); }

void filled_elsewhere_ok() {
  worker x, y;
  std::vector<worker *> all;
  fill(all, x);
  fill(all, y);
  std::vector<std::thread> threads;
  for (worker *each : all)
    threads.emplace_back([each] { each->run(); });
  join_all(threads);
}

struct part {
  int *on;
  int number;
};

void same_in_parts_bad() {
  int x = 0;
  std::vector<part> all;
  for (int i = 0; i < 2; ++i)
    all.push_back({&x, i});
  std::vector<std::thread> threads;
  for (part &each : all)
    threads.emplace_back([&each] {
      ++*each.on; // expected-warning {{is written here by several threads}}
    });
  join_all(threads);
}

void add_to(part *each) {
  ++*each->on; // expected-warning {{is written here by several threads}}
}

void part_of_elements_bad() {
  int x = 0;
  part all[2];
  for (int i = 0; i < 2; ++i) {
    all[i].on = &x;
    all[i].number = i;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back(add_to, &all[i]);
  join_all(threads);
}

void subtract_from(part *each) { --*each->on; }

void other_parts_ok() {
  int x = 0, y = 0;
  part all[2];
  for (int i = 0; i < 2; ++i) {
    all[i].on = i == 0 ? &x : &y;
    all[i].number = i;
  }
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i)
    threads.emplace_back(subtract_from, &all[i]);
  join_all(threads);
}

void same_job_bad() {
  int x = 0;
  std::vector<std::function<void()>> jobs;
  for (int i = 0; i < 2; ++i)
    jobs.push_back([&] {
      ++x; // expected-warning {{'x' is written here by several threads}}
    });
  std::vector<std::thread> threads;
  for (auto &each : jobs)
    threads.emplace_back(each);
  join_all(threads);
}

void other_jobs_ok() {
  int x = 0, y = 0;
  std::vector<std::function<void()>> jobs{[&] { ++x; }, [&] { ++y; }};
  jobs.push_back([] {});
  std::vector<std::thread> threads;
  for (auto &each : jobs)
    threads.emplace_back(each);
  join_all(threads);
}

SCENARIO_MAIN(SCENARIO(in_list_ok), SCENARIO(in_list_by_method_ok), SCENARIO(by_reference_ok),
              SCENARIO(given_list_ok), SCENARIO(in_vector_ok), SCENARIO(in_array_ok),
              SCENARIO(single_ok), SCENARIO(same_in_list_bad), SCENARIO(same_in_array_bad),
              SCENARIO(other_by_number_ok), SCENARIO(some_other_ok), SCENARIO(same_pushed_bad),
              SCENARIO(other_pushed_ok), SCENARIO(each_made_ok), SCENARIO(each_from_pool_ok),
              SCENARIO(filled_elsewhere_ok), SCENARIO(same_in_parts_bad),
              SCENARIO(part_of_elements_bad), SCENARIO(other_parts_ok), SCENARIO(same_job_bad),
              SCENARIO(other_jobs_ok))
