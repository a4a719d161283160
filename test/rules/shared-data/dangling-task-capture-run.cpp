// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20
// RUN: %clangxx -std=c++20 -O1 -g -fsanitize=address -pthread %s -o %t
// RUN: not %t detached_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: not %t parameter_by_value_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: not %t end_of_the_block_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: not %t kept_elsewhere_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: %t ok

// GONE: AddressSanitizer: stack-use-after-{{return|scope}}

// AddressSanitizer sees the thread reach into a frame that is gone.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <string>
#include <thread>

std::atomic<int> seen;

void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

void wait_for_the_thread() { std::this_thread::sleep_for(std::chrono::milliseconds(300)); }

void start_detached() {
  volatile int limit = 3;
  std::thread([&limit] { // expected-warning {{'limit' may be gone}}
    dawdle();
    seen = limit;
  })
      .detach();
}

void detached_bad() {
  start_detached();
  wait_for_the_thread();
}

struct request {
  volatile int id;
};

void start_with_parameter(request r) {
  std::thread([&r] { // expected-warning {{'r' may be gone}}
    dawdle();
    seen = r.id;
  })
      .detach();
}

void parameter_by_value_bad() {
  start_with_parameter({7});
  wait_for_the_thread();
}

void end_of_the_block_bad() {
  {
    volatile int seed = 1;
    std::thread([&seed] { // expected-warning {{'seed' may be gone}}
      dawdle();
      seen = seed;
    })
        .detach();
  }
  wait_for_the_thread();
}

std::thread kept;

void start_kept() {
  volatile int limit = 3;
  kept = std::thread([&limit] { // expected-warning {{'limit' may be gone}}
    dawdle();
    seen = limit;
  });
}

void kept_elsewhere_bad() {
  start_kept();
  kept.join();
}

void copied_ok() {
  int limit = 3;
  std::thread([limit] {
    dawdle();
    seen = limit;
  }).detach();
}

void joined_ok() {
  volatile int limit = 3;
  std::thread worker([&limit] {
    dawdle();
    seen = limit;
  });
  worker.join();
}

SCENARIO_MAIN(SCENARIO(detached_bad), SCENARIO(parameter_by_value_bad),
              SCENARIO(end_of_the_block_bad), SCENARIO(kept_elsewhere_bad), SCENARIO(copied_ok),
              SCENARIO(joined_ok))
