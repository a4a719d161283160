// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t plain_pointer_bad
// RUN: %race_found %t shared_ptr_bad
// RUN: %race_found %t assigned_whole_bad
// RUN: %t ok

// Configuration that is replaced while others read it (guideline A13).
#include "../scenarios.h"

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

struct config {
  int limit = 0;
};

config first_config{1};
config second_config{2};
config *current = &first_config;

void plain_pointer_bad() {
  std::thread reader([] { std::printf("%d\n", current->limit); });
  current = &second_config; // expected-warning {{'current' is written}}
  reader.join();
}

std::shared_ptr<const config> counted = std::make_shared<config>(first_config);

void shared_ptr_bad() {
  std::thread reader([] {
    const std::shared_ptr<const config> mine = counted;
    std::printf("%d\n", mine->limit);
  });
  counted = std::make_shared<config>(second_config); // expected-warning {{'counted' is written}}
  reader.join();
}

config whole{1};

void assigned_whole_bad() {
  std::thread reader([] { std::printf("%d\n", whole.limit); });
  whole = second_config; // expected-warning {{'whole' is written}}
  reader.join();
}

std::atomic<const config *> swapped = &first_config;

void atomic_pointer_ok() {
  std::thread reader([] { std::printf("%d\n", swapped.load()->limit); });
  swapped = &second_config;
  reader.join();
}

std::mutex config_mutex;
std::shared_ptr<const config> guarded = std::make_shared<config>(first_config);

std::shared_ptr<const config> get_guarded() {
  const std::lock_guard lock(config_mutex);
  return guarded;
}

void reload() {
  auto fresh = std::make_shared<const config>(second_config);
  const std::lock_guard lock(config_mutex);
  guarded.swap(fresh);
}

void copied_under_a_lock_ok() {
  std::thread reader([] { std::printf("%d\n", get_guarded()->limit); });
  reload();
  reader.join();
}

std::shared_ptr<const config> by_free_functions = std::make_shared<config>(first_config);

void atomic_free_functions_ok() {
  std::thread reader([] { std::printf("%d\n", std::atomic_load(&by_free_functions)->limit); });
  std::atomic_store(&by_free_functions, std::shared_ptr<const config>(new config(second_config)));
  reader.join();
}

void own_handle_reassigned_ok() {
  auto mine = std::make_shared<const config>(first_config);
  std::thread reader([mine] { std::printf("%d\n", mine->limit); });
  mine = std::make_shared<const config>(second_config); // the thread has its own handle
  reader.join();
}

SCENARIO_MAIN(SCENARIO(plain_pointer_bad), SCENARIO(shared_ptr_bad), SCENARIO(assigned_whole_bad),
              SCENARIO(atomic_pointer_ok), SCENARIO(copied_under_a_lock_ok),
              SCENARIO(atomic_free_functions_ok), SCENARIO(own_handle_reassigned_ok))
