// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t by_reference_bad
// RUN: %race_found %t by_address_bad
// RUN: %race_found %t named_by_a_reference_bad
// RUN: %race_found %t captured_bad
// RUN: %race_found %t by_a_number_bad
// RUN: %race_found %t each_of_a_range_bad
// RUN: %race_found %t read_too_early_bad
// RUN: %t ok

// The same with the threads and containers of C++; and elements that a number chooses.
#include "../scenarios.h"

#include <array>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

struct Job {
  int id = 0, referred = 0, addressed = 0, named = 0, captured = 0, each = 0;
  int result = 0;
};

std::atomic<int> total{0};

void use(const Job &job) {
  total.fetch_add(job.id + job.referred + job.addressed + job.named + job.captured + job.each,
                  std::memory_order_relaxed);
}
void use_by_address(const Job *job) { use(*job); }
void compute(Job &job) { job.result = job.id * 2; }

void by_reference_bad() {
  std::vector<Job> jobs(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.push_back(std::thread(use, std::ref(jobs[i])));
    jobs[i].referred = i; // expected-warning {{'referred' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

void by_address_bad() {
  std::array<Job, 4> jobs;
  std::thread threads[4];
  for (int i = 0; i < 4; ++i) {
    threads[i] = std::thread(use_by_address, &jobs[i]);
    jobs[i].addressed = i; // expected-warning {{'addressed' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

void named_by_a_reference_bad() {
  std::vector<Job> jobs(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < jobs.size(); ++i) {
    Job &job = jobs[i];
    threads.emplace_back([&job] { use(job); });
    job.named = 3; // expected-warning {{'named' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

void captured_bad() {
  std::vector<Job> jobs(4);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < jobs.size(); ++i) {
    threads.emplace_back([&jobs, i] { use(jobs[i]); });
    jobs[i].captured = 3; // expected-warning {{'captured' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

static int numbers[4];

void use_number(int which) { total.fetch_add(numbers[which], std::memory_order_relaxed); }

void by_a_number_bad() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back(use_number, i);
    numbers[i] = 3; // expected-warning {{'numbers' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

void each_of_a_range_bad() {
  std::vector<Job> jobs(4);
  std::vector<std::thread> threads;
  for (Job &job : jobs) {
    threads.emplace_back(use, std::cref(job));
    job.each = 3; // expected-warning {{'each' is written here}}
  }
  for (std::thread &each : threads)
    each.join();
}

void read_too_early_bad() {
  std::vector<int> results(4);
  std::vector<std::thread> threads;
  int sum = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&results, i] { results[i] = i; }); // expected-warning {{'results' is}}
  for (int i = 0; i < 4; ++i)
    sum += results[i];
  for (std::thread &each : threads)
    each.join();
  std::printf("%d\n", sum);
}

void joined_before_ok() {
  std::vector<Job> jobs(4);
  std::vector<std::thread> threads;
  int sum = 0;
  for (Job &job : jobs) {
    job.id = 3;
    threads.emplace_back(compute, std::ref(job));
  }
  for (std::thread &each : threads)
    if (each.joinable())
      each.join();
  for (const Job &job : jobs)
    sum += job.result;
  std::printf("%d\n", sum);
}

void joined_in_turn_ok() {
  std::vector<int> results(4);
  std::vector<std::thread> threads;
  int sum = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&results, i] { results[i] = i; });
  for (int i = 0; i < 4; ++i) {
    threads[i].join();
    sum += results[i];
  }
  std::printf("%d\n", sum);
}

void joined_as_they_end_ok() {
  std::vector<int> results(4);
  int sum = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i)
      threads.emplace_back([&results, i] { results[i] = i; });
  }
  for (int each : results)
    sum += each;
  std::printf("%d\n", sum);
}

void other_halves_ok() {
  std::vector<int> results(8);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&results, i] { results[i] = i; });
  for (int i = 4; i < 8; ++i)
    results[i] = i;
  for (std::thread &each : threads)
    each.join();
}

void each_before_its_own_ok() {
  std::vector<int> results(4);
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    results[i] = i;
    threads.emplace_back([&results, i] { ++results[i]; });
  }
  for (std::thread &each : threads)
    each.join();
}

SCENARIO_MAIN(SCENARIO(by_reference_bad), SCENARIO(by_address_bad),
              SCENARIO(named_by_a_reference_bad), SCENARIO(captured_bad), SCENARIO(by_a_number_bad),
              SCENARIO(each_of_a_range_bad), SCENARIO(read_too_early_bad),
              SCENARIO(joined_before_ok), SCENARIO(joined_in_turn_ok),
              SCENARIO(joined_as_they_end_ok), SCENARIO(other_halves_ok),
              SCENARIO(each_before_its_own_ok))
