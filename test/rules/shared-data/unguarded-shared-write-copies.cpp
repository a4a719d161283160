// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t argument_bad
// RUN: %race_found %t list_bad
// RUN: %race_found %t captured_bad
// RUN: %race_found %t by_helper_bad
// RUN: %race_found %t reference_member_bad
// RUN: %race_found %t owned_bad
// RUN: %race_found %t other_lock_bad
// RUN: %t ok

// A task gets a copy of a structure, and what its pointers lead to is still shared.
#include "../scenarios.h"

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct counters {
  int hits = 0;
  int misses = 0;
};

struct job {
  counters *into;
  int first = 0;
};

void work(job given) {
  given.first = 2;    // of its own
  ++given.into->hits; // expected-warning {{'}}
}

void argument_bad() {
  counters all;
  job given;
  given.into = &all;
  std::thread worker(work, given);
  given.first = 1;
  ++all.hits;
  worker.join();
}

void work_listed(job given) {
  ++given.into->hits; // expected-warning {{'}}
}

void list_bad() {
  counters all;
  std::thread worker(work_listed, job{&all});
  ++all.hits;
  worker.join();
}

void captured_bad() {
  counters all;
  job given{&all};
  std::thread worker([given] {
    ++given.into->hits; // expected-warning {{'}}
  });
  ++all.hits;
  worker.join();
}

void step(job given) {
  ++given.into->misses; // expected-warning {{'}}
}

void pass_on(job given) { step(given); }

void by_helper_bad() {
  counters all;
  job given{&all};
  std::thread worker([=] { pass_on(given); });
  pass_on(given);
  worker.join();
}

struct view {
  counters &of;
};

void count(view given) {
  ++given.of.hits; // expected-warning {{'}}
}

void reference_member_bad() {
  counters all;
  view given{all};
  std::thread worker(count, given);
  ++all.hits;
  worker.join();
}

struct owner {
  std::shared_ptr<counters> all;
};

void count_owned(owner given) {
  ++given.all->hits; // expected-warning {{'}}
}

void owned_bad() {
  auto all = std::make_shared<counters>();
  owner given{all};
  std::thread worker(count_owned, given);
  ++all->hits;
  worker.join();
}

struct locked_job {
  std::mutex *lock;
  int *value;
};

void add(locked_job given) {
  std::lock_guard<std::mutex> held(*given.lock);
  ++*given.value;
}

void lock_ok() {
  std::mutex lock;
  int value = 0;
  locked_job given{&lock, &value};
  std::thread worker(add, given);
  add(given);
  {
    std::lock_guard<std::mutex> held(lock);
    ++value;
  }
  worker.join();
}

void add_under(locked_job given) {
  std::lock_guard<std::mutex> held(*given.lock);
  ++*given.value; // expected-warning {{'}}
}

void other_lock_bad() {
  std::mutex lock, other;
  int value = 0;
  locked_job given{&lock, &value};
  std::thread worker(add_under, given);
  {
    std::lock_guard<std::mutex> held(other);
    ++value;
  }
  worker.join();
}

// Each has its own.
void own(job given) {
  given.first = 7;
  ++given.into->hits;
}

void own_ok() {
  counters first, second;
  job one, other;
  one.into = &first;
  other.into = &second;
  std::thread worker(own, one), another(own, other);
  worker.join();
  another.join();
}

// The copy in each round leads to what was made in that round.
void own_each(job given) { ++given.into->hits; }

void rounds_ok() {
  std::vector<std::thread> workers;
  std::vector<std::unique_ptr<counters>> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(std::make_unique<counters>());
    job given;
    given.into = all.back().get();
    workers.emplace_back(own_each, given);
  }
  for (auto &worker : workers)
    worker.join();
}

void elements_ok() {
  counters all[3];
  std::vector<std::thread> workers;
  for (auto &each : all) {
    job given{&each, 1};
    workers.emplace_back([given] { ++given.into->misses; });
  }
  for (auto &worker : workers)
    worker.join();
}

// Set to something else afterwards: the thread has the old one.
void reset_ok() {
  counters first, second;
  job given{&first};
  std::thread worker(own, given);
  given.into = &second;
  ++given.into->hits;
  worker.join();
}

// What is copied itself is nobody else's.
void values_ok() {
  job given{nullptr, 3};
  std::thread worker([](job mine) { ++mine.first; }, given);
  ++given.first;
  worker.join();
}

struct token {
  std::atomic<bool> *done;
  int *result;
};

void produce(token given) {
  *given.result = 3;
  given.done->store(true);
}

void told_ok() {
  std::atomic<bool> done = false;
  int result = 0;
  token given{&done, &result};
  std::thread worker(produce, given);
  while (!done)
    std::this_thread::yield();
  ++result;
  worker.join();
}

void joined_ok() {
  counters all;
  job given{&all};
  std::thread worker(own, given);
  worker.join();
  ++all.hits;
}

SCENARIO_MAIN(SCENARIO(argument_bad), SCENARIO(list_bad), SCENARIO(captured_bad),
              SCENARIO(by_helper_bad), SCENARIO(reference_member_bad), SCENARIO(owned_bad),
              SCENARIO(lock_ok), SCENARIO(other_lock_bad), SCENARIO(own_ok), SCENARIO(rounds_ok),
              SCENARIO(elements_ok), SCENARIO(reset_ok), SCENARIO(values_ok), SCENARIO(told_ok),
              SCENARIO(joined_ok))
