// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t dismissed_bad
// RUN: %hangs %t halves_bad
// RUN: timeout 60 %t ok

// Threads that need the lock of who waits for them: where a container lets its elements go, and
// where nobody but main knows the object.
// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

class crew {
public:
  void hire(int count) {
    std::lock_guard<std::mutex> hold(mutex_);
    for (int i = 0; i < count; ++i)
      workers_.emplace_back([this] { work(); });
  }
  void dismiss_bad() {
    std::lock_guard<std::mutex> hold(mutex_);
    workers_.clear(); // expected-warning {{waits for the end of a task while 'mutex_' is held, and 'crew::work' needs that lock}}
  }
  void dismiss_ok() {
    std::vector<std::jthread> gone;
    {
      std::lock_guard<std::mutex> hold(mutex_);
      gone.swap(workers_);
    }
  }
  void forget_names_ok() {
    std::lock_guard<std::mutex> hold(mutex_);
    names_.clear();
  }

private:
  void work() {
    std::lock_guard<std::mutex> hold(mutex_);
    ++jobs_;
  }

  std::mutex mutex_;
  int jobs_ = 0;
  std::vector<std::string> names_;
  std::vector<std::jthread> workers_;
};

/// The workers need another lock, so that they come to their end.
class counted_crew {
public:
  void hire() {
    std::lock_guard<std::mutex> hold(mutex_);
    workers_.emplace_back([this] { work(); });
  }
  void dismiss_ok() {
    std::lock_guard<std::mutex> hold(mutex_);
    workers_.clear();
  }

private:
  void work() {
    std::lock_guard<std::mutex> hold(jobs_mutex_);
    ++jobs_;
  }

  std::mutex mutex_, jobs_mutex_;
  int jobs_ = 0;
  std::vector<std::jthread> workers_;
};

class summer {
public:
  long sum_bad(const std::vector<int> &values) {
    std::lock_guard<std::mutex> hold(mutex_);
    auto first = std::async(std::launch::async, [&] { return part(values); });
    return first.get(); // expected-warning {{waits for the result of a task while 'mutex_' is held, and 'summer::part' needs that lock}}
  }
  long sum_ok(const std::vector<int> &values) {
    auto first = std::async(std::launch::async, [&] { return part(values); });
    long rest = part(values);
    return rest + first.get();
  }

private:
  long part(const std::vector<int> &values) {
    std::lock_guard<std::mutex> hold(mutex_);
    long sum = calls_++;
    for (int value : values)
      sum += value;
    return sum;
  }

  std::mutex mutex_;
  int calls_ = 0;
};

void dismissed_bad() {
  static crew all;
  for (int i = 0; i < 1000; ++i) {
    all.hire(4);
    all.dismiss_bad();
  }
}

void halves_bad() {
  summer s;
  s.sum_bad({1, 2, 3});
}

void dismissed_ok() {
  crew all;
  all.hire(4);
  all.forget_names_ok();
  all.dismiss_ok();
  counted_crew others;
  others.hire();
  others.dismiss_ok();
  summer s;
  s.sum_ok({1, 2, 3});
}

SCENARIO_MAIN(SCENARIO(dismissed_bad), SCENARIO(halves_bad), SCENARIO(dismissed_ok))
