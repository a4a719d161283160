// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20
// RUN: %clangxx -std=c++20 -O1 -g -fsanitize=address -pthread %s -o %t
// RUN: not %t gives_up_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: %t ok
// clang-format off: expectations stand on their lines

// GONE: AddressSanitizer: stack-use-after-{{return|scope}}

// A wait that gives up when its time is up is no join.
#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

using namespace std::chrono_literals;

void gives_up_bad() {
  {
    std::mutex mutex;
    std::condition_variable done;
    volatile int result = 0;
    std::thread([&] { // expected-warning {{'mutex' and 'done' and 'result' may be gone while the thread that runs the lambda at line 24 still uses them; nobody waits for a detached thread}}
      std::this_thread::sleep_for(100ms);
      std::lock_guard<std::mutex> lock(mutex);
      result = 1;
      done.notify_one();
    }).detach();
    std::unique_lock<std::mutex> lock(mutex);
    done.wait_for(lock, 1ms, [&] { return result != 0; });
  }
  std::this_thread::sleep_for(300ms);
}

void tries_again_ok() {
  std::mutex mutex;
  std::condition_variable done;
  int result = 0;
  std::thread([&] {
    std::lock_guard<std::mutex> lock(mutex);
    result = 1;
    done.notify_one();
  }).detach();
  std::unique_lock<std::mutex> lock(mutex);
  while (!done.wait_for(lock, 1ms, [&] { return result != 0; })) {
  }
}

void waits_at_last_ok() {
  std::mutex mutex;
  std::condition_variable done;
  int result = 0;
  std::thread([&] {
    std::lock_guard<std::mutex> lock(mutex);
    result = 1;
    done.notify_one();
  }).detach();
  std::unique_lock<std::mutex> lock(mutex);
  if (!done.wait_for(lock, 1ms, [&] { return result != 0; }))
    done.wait(lock, [&] { return result != 0; });
}

SCENARIO_MAIN(SCENARIO(gives_up_bad), SCENARIO(tries_again_ok), SCENARIO(waits_at_last_ok))
