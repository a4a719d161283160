// RUN: %heddle_verify --checks=unguarded-shared-write,unsynchronized-lazy-init %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t pool_bad
// RUN: %race_found %t numbered_bad
// RUN: %race_found %t lazy_bad
// RUN: %t ok

// Calling a job synchronises with nobody, whatever it does inside; a static variable that holds a
// constant from the start is initialised by nobody.
#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

namespace {

class Pool {
public:
  void submit(std::function<void()> job) {
    std::lock_guard<std::mutex> guard(lock_);
    jobs_.push(std::move(job));
  }
  void start() {
    for (int i = 0; i < 4; ++i)
      threads_.emplace_back([this] { work(); });
  }

private:
  void work() {
    for (;;) {
      std::function<void()> job;
      {
        std::lock_guard<std::mutex> guard(lock_);
        if (jobs_.empty())
          return;
        job = std::move(jobs_.front());
        jobs_.pop();
      }
      job();
      ++done_; // expected-warning {{'done_' is written here by several threads}}
    }
  }

  std::mutex lock_;
  std::queue<std::function<void()>> jobs_;
  int done_ = 0;
  std::vector<std::jthread> threads_;
};

void pool_bad() {
  Pool pool;
  for (int i = 0; i < 1000; ++i)
    pool.submit([] {});
  pool.start();
}

int next_number() {
  static int last = 0;
  return ++last; // expected-warning {{'last' is written here by several threads}}
}

void take_two() {
  for (int i = 0; i < 100; ++i) {
    next_number();
    next_number();
  }
}

void numbered_bad() {
  std::thread one(take_two), two(take_two);
  one.join();
  two.join();
}

int *table() {
  static int *made = nullptr;
  if (!made)
    made = new int(3); // expected-warning {{'made'}}
  return made;
}

int look_up() { return *table() + *table(); }

void lazy_bad() {
  std::jthread one([] { look_up(); });
  std::jthread two([] { look_up(); });
}

int compute();

int once() {
  static const int made = compute();
  return made;
}

void once_ok() {
  std::jthread one([] { once(); });
  std::jthread two([] { once(); });
}

int compute() { return 7; }

const scenario all[] = {
    {"pool_bad", pool_bad},
    {"numbered_bad", numbered_bad},
    {"lazy_bad", lazy_bad},
    {"once_ok", once_ok},
};

} // namespace

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
