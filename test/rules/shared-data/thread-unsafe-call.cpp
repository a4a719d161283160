// RUN: %heddle_verify --checks=thread-unsafe-call,unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok

// Functions that keep something between calls, and threads that may call them at the same time.
#include "../scenarios.h"

#include <cstdlib>
#include <cstring>
#include <ctime>
#include <mutex>
#include <thread>
#include <vector>

std::mutex year_mutex;
int years;

void add(int year) {
  const std::lock_guard<std::mutex> lock(year_mutex);
  years += year;
}

// [example: bad]
void add_year() {
  const std::time_t now = std::time(nullptr);
  add(std::localtime(&now)->tm_year); // expected-warning {{'localtime' is not safe in threads}}
}

void localtime_bad() {
  std::thread first(add_year);
  std::thread second(add_year);
  first.join();
  second.join();
}
// [end]

// [example: good]
void add_own_year() {
  const std::time_t now = std::time(nullptr);
  std::tm parts;
  localtime_r(&now, &parts);
  add(parts.tm_year);
}

void localtime_r_ok() {
  std::thread first(add_own_year);
  std::thread second(add_own_year);
  first.join();
  second.join();
}
// [end]

void different_functions_bad() {
  std::thread worker([] {
    const std::time_t now = std::time(nullptr);
    add(std::gmtime(&now)->tm_year); // expected-warning {{another thread may call 'localtime'}}
  });
  const std::time_t now = std::time(nullptr);
  add(std::localtime(&now)->tm_year);
  worker.join();
}

void cut(char *text) {
  char *part = std::strtok(text, ","); // expected-warning {{'strtok' is not safe in threads}}
  while (part) {
    add(static_cast<int>(std::strlen(part)));
    part = std::strtok(nullptr, ","); // expected-warning {{'strtok' is not safe in threads}}
  }
}

void strtok_bad() {
  char mine[] = "a,b,c", theirs[] = "d,e";
  std::thread worker([&theirs] { cut(theirs); });
  cut(mine);
  worker.join();
}

void in_loop_bad() {
  std::vector<std::thread> all;
  for (int i = 0; i < 3; ++i)
    all.emplace_back(
        [] { add(std::rand() % 2); }); // expected-warning {{both use the state of 'rand'}}
  for (std::thread &each : all)
    each.join();
}

class clock_face {
public:
  void show() {
    const std::time_t now = std::time(nullptr);
    add(static_cast<int>(
        std::strlen(std::ctime(&now)))); // expected-warning {{'ctime' is not safe in threads}}
  }
};

void member_bad() {
  clock_face face;
  std::thread worker(&clock_face::show, &face);
  face.show();
  worker.join();
}

template <typename T> void add_as(T scale) {
  const std::time_t now = std::time(nullptr);
  add(static_cast<int>(std::gmtime(&now)->tm_year *
                       scale)); // expected-warning@-1 {{'gmtime' is not safe}}
}

void template_bad() {
  std::thread worker(add_as<double>, 2.0);
  add_as(3.0);
  worker.join();
}

void environment_bad() {
  std::thread worker([] {
    setenv("HEDDLE", "1", 1);
  }); // expected-warning@-1 {{may call 'getenv' at the same time, and both use the environment}}
  add(std::getenv("HEDDLE") != nullptr);
  worker.join();
}

// Near misses.
void main_only_ok() {
  const std::time_t now = std::time(nullptr);
  add(std::localtime(&now)->tm_year);
}

void one_thread_only_ok() {
  std::thread worker([] {
    const std::time_t now = std::time(nullptr);
    add(std::localtime(&now)->tm_year);
  });
  worker.join();
}

void after_join_ok() {
  const std::time_t now = std::time(nullptr);
  std::thread worker([now] { add(std::localtime(&now)->tm_year); });
  worker.join();
  add(std::localtime(&now)->tm_year);
}

void before_start_ok() {
  const std::time_t now = std::time(nullptr);
  add(std::localtime(&now)->tm_year);
  std::thread worker([now] { add(std::localtime(&now)->tm_year); });
  worker.join();
}

std::mutex time_mutex;

void add_locked() {
  const std::lock_guard<std::mutex> lock(time_mutex);
  const std::time_t now = std::time(nullptr);
  add(std::localtime(&now)->tm_year);
}

void common_lock_ok() {
  std::thread worker(add_locked);
  add_locked();
  worker.join();
}

void different_states_ok() {
  std::thread worker([] { add(std::rand() % 2); });
  const std::time_t now = std::time(nullptr);
  add(std::gmtime(&now)->tm_year);
  worker.join();
}

void both_read_environment_ok() {
  std::thread worker([] { add(std::getenv("HOME") != nullptr); });
  add(std::getenv("PATH") != nullptr);
  worker.join();
}

void one_after_the_other_ok() {
  std::thread first(add_locked);
  first.join();
  std::thread second([] { add(std::rand() % 2); });
  second.join();
  std::thread third([] { add(std::rand() % 2); });
  third.join();
}

namespace mine {
std::tm *localtime(const std::time_t *) {
  thread_local std::tm parts{};
  return &parts;
}
} // namespace mine

void own_function_ok() {
  std::thread worker([] { add(mine::localtime(nullptr)->tm_year); });
  add(mine::localtime(nullptr)->tm_year);
  worker.join();
}

void save_pointer_ok() {
  char mine[] = "a,b,c", theirs[] = "d,e";
  auto cut_own = [](char *text) {
    char *position = nullptr;
    for (char *part = strtok_r(text, ",", &position); part;
         part = strtok_r(nullptr, ",", &position))
      add(static_cast<int>(std::strlen(part)));
  };
  std::thread worker([&] { cut_own(theirs); });
  cut_own(mine);
  worker.join();
}

void error_text_ok() {
  std::thread worker([] { add(static_cast<int>(std::strlen(std::strerror(1)))); });
  add(static_cast<int>(std::strlen(std::strerror(2))));
  worker.join();
}

SCENARIO_MAIN(SCENARIO(localtime_bad), SCENARIO(localtime_r_ok), SCENARIO(different_functions_bad),
              SCENARIO(strtok_bad), SCENARIO(in_loop_bad), SCENARIO(member_bad),
              SCENARIO(template_bad), SCENARIO(environment_bad), SCENARIO(main_only_ok),
              SCENARIO(one_thread_only_ok), SCENARIO(after_join_ok), SCENARIO(before_start_ok),
              SCENARIO(common_lock_ok), SCENARIO(different_states_ok),
              SCENARIO(both_read_environment_ok), SCENARIO(one_after_the_other_ok),
              SCENARIO(own_function_ok), SCENARIO(save_pointer_ok), SCENARIO(error_text_ok))
