// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: %race_found %t two_threads_bad
// RUN: %race_found %t too_early_bad
// RUN: %race_found %t two_objects_bad
// RUN: %t ok

// A member that a thread of its object calls: whoever put it there gave it to that thread alone.
#include "../scenarios.h"

#include <functional>
#include <thread>
#include <utility>

namespace {

class Timer {
public:
  explicit Timer(std::function<void()> step)
      : step_(std::move(step)), thread_([this] {
          for (int i = 0; i < 10; ++i)
            step_();
        }) {}
  ~Timer() { thread_.join(); }

private:
  std::function<void()> step_;
  std::thread thread_;
};

void made_ok() {
  int count = 0;
  {
    Timer timer([&count] { ++count; });
  }
  ++count;
}

class Task {
public:
  void start(std::function<void()> work) {
    work_ = std::move(work);
    thread_ = std::thread([this] { run(); });
  }
  void finish() { thread_.join(); }
  void finish_and_repeat() {
    thread_.join();
    work_();
  }

private:
  void run() { work_(); }
  std::function<void()> work_;
  std::thread thread_;
};

void started_ok() {
  int count = 0;
  Task task;
  task.start([&count] { ++count; });
  task.finish();
  ++count;
}

void repeated_ok() {
  int count = 0;
  Task task;
  task.start([&count] { ++count; });
  task.finish_and_repeat();
  ++count;
}

void too_early_bad() {
  int count = 0;
  Task task;
  task.start([&count] { ++count; }); // expected-warning {{'count' is written here}}
  ++count;
  task.finish();
}

void two_objects_bad() {
  int count = 0;
  Task one, other;
  one.start([&count] { ++count; }); // expected-warning {{'count' is written here}}
  other.start([&count] { ++count; });
  one.finish();
  other.finish();
}

class Pair {
public:
  void start(std::function<void()> work) {
    work_ = std::move(work);
    one_ = std::thread([this] { run(); });
    other_ = std::thread([this] { run(); });
  }
  void finish() {
    one_.join();
    other_.join();
  }

private:
  void run() { work_(); }
  std::function<void()> work_;
  std::thread one_, other_;
};

void two_threads_bad() {
  int count = 0;
  Pair pair;
  pair.start([&count] { ++count; }); // expected-warning {{'count' is written here}}
  pair.finish();
}

} // namespace

SCENARIO_MAIN(SCENARIO(made_ok), SCENARIO(started_ok), SCENARIO(repeated_ok),
              SCENARIO(too_early_bad), SCENARIO(two_objects_bad), SCENARIO(two_threads_bad))
