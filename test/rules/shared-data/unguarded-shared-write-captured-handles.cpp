// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t joined_late_bad
// RUN: %race_found %t waited_late_bad
// RUN: %t ok

// A thread or a future that is moved into the capture of another thread.
#include "../scenarios.h"

#include <future>
#include <thread>
#include <utility>

void joined_late_bad() {
  int parsed = 0;
  std::thread reader([&parsed] { parsed = 3; }); // expected-warning {{'parsed' is written}}
  std::thread merger([&parsed, reader = std::move(reader)]() mutable {
    parsed += 1;
    reader.join();
  });
  merger.join();
}

void joined_ok() {
  int parsed = 0;
  std::thread reader([&parsed] { parsed = 3; });
  std::thread merger([&parsed, before = std::move(reader)]() mutable {
    before.join();
    parsed += 1;
  });
  merger.join();
}

void chain_of_three_ok() {
  int stage = 0;
  std::thread first([&stage] { stage = 1; });
  std::thread second([&stage, before = std::move(first)]() mutable {
    before.join();
    stage = 2;
  });
  std::thread third([&stage, before = std::move(second)]() mutable {
    before.join();
    stage = 3;
  });
  third.join();
  stage = 4;
}

void waited_late_bad() {
  int lines = 0;
  std::promise<void> counted;
  std::thread printer([&lines, ready = counted.get_future()]() mutable {
    lines += 1; // expected-warning {{'lines' is written}}
    ready.get();
  });
  lines = 2;
  counted.set_value();
  printer.join();
}

void waited_ok() {
  int lines = 0;
  std::promise<void> counted;
  auto ready = counted.get_future();
  std::thread printer([&lines, ready = std::move(ready)]() mutable {
    ready.get();
    lines += 1;
  });
  lines = 2;
  counted.set_value();
  printer.join();
}

void waited_for_a_task_ok() {
  int words = 0;
  auto counting = std::async(std::launch::async, [&words] { words = 5; });
  std::thread printer([&words, counting = std::move(counting)]() mutable {
    counting.get();
    words = 0;
  });
  printer.join();
}

void promise_moved_ok() {
  int bytes = 0;
  std::promise<void> loaded;
  auto ready = loaded.get_future();
  std::thread loader([&bytes, loaded = std::move(loaded)]() mutable {
    bytes = 10;
    loaded.set_value();
  });
  ready.get();
  bytes += 1;
  loader.join();
}

SCENARIO_MAIN(SCENARIO(joined_late_bad), SCENARIO(joined_ok), SCENARIO(chain_of_three_ok),
              SCENARIO(waited_late_bad), SCENARIO(waited_ok), SCENARIO(waited_for_a_task_ok),
              SCENARIO(promise_moved_ok))
