// RUN: %heddle_verify --checks=unguarded-shared-write,blocking-while-locked,dangling-task-capture %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t not_joined_bad
// RUN: %race_found %t other_lock_bad
// RUN: %race_found %t future_bad
// RUN: %t ok

// Threads, locks and callables in what the project or the library has made of them: aggregates with
// references, pairs with a guard in them, packaged tasks in queues, containers of different tasks.
#include "../scenarios.h"

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>
#include <vector>

struct joins {
  std::thread &thread;
  ~joins() { thread.join(); }
};

void joined_ok() {
  int x = 0;
  {
    std::thread t([&] { x = 1; });
    joins at_end{t};
  }
  ++x;
}

void not_joined_bad() {
  int x = 0;
  std::thread t([&] { x = 1; }); // expected-warning {{'x' is written here while another thread}}
  joins at_end{t};
  ++x;
}

std::mutex mutex;
int count;

struct unlocks {
  std::mutex &mutex;
  ~unlocks() { mutex.unlock(); }
};

void add_one() {
  mutex.lock();
  unlocks at_end{mutex};
  ++count;
}

void unlocked_ok() {
  std::thread t(add_one);
  add_one();
  t.join();
}

std::vector<int> values;

std::pair<std::unique_lock<std::mutex>, std::vector<int> *> locked_values() {
  return {std::unique_lock<std::mutex>(mutex), &values};
}

void pair_ok() {
  std::thread t([] {
    auto [lock, all] = locked_values();
    values.push_back(1);
  });
  {
    std::lock_guard<std::mutex> lock(mutex);
    values.push_back(2);
  }
  t.join();
}

std::mutex other_mutex;
int others;

void other_lock_bad() {
  std::thread t([] {
    std::pair<int, int> no_guard{1, 2};
    others += no_guard.first; // expected-warning {{'others' is written here while another thread}}
  });
  {
    std::lock_guard<std::mutex> lock(other_mutex);
    ++others;
  }
  t.join();
}

class pool {
public:
  pool() : worker_([this] { run(); }) {}
  ~pool() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      stop_ = true;
    }
    changed_.notify_all();
    worker_.join();
  }
  template <class Function> std::future<void> submit(Function function) {
    std::packaged_task<void()> task(std::move(function));
    std::future<void> result = task.get_future();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      jobs_.push(std::move(task));
    }
    changed_.notify_one();
    return result;
  }

private:
  void run() {
    for (;;) {
      std::packaged_task<void()> task;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        changed_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
        if (jobs_.empty())
          return;
        task = std::move(jobs_.front());
        jobs_.pop();
      }
      task();
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<std::packaged_task<void()>> jobs_;
  bool stop_ = false;
  std::thread worker_;
};

void future_ok() {
  pool workers;
  int result = 0;
  std::future<void> done = workers.submit([&] { result = 3; });
  done.get();
  ++result;
  workers.submit([&] { result = 4; }).wait();
  ++result;
}

void future_bad() {
  int result = 0;
  pool workers;
  std::future<void> done = workers.submit([&] {
    result = 3; // expected-warning {{'result' is written here while another thread}}
  });
  ++result;
  done.get();
}

void different_jobs_ok() {
  int a = 0, b = 0;
  std::vector<std::function<void()>> jobs;
  jobs.push_back([&] { ++a; });
  jobs.push_back([&] { ++b; });
  std::vector<std::thread> threads;
  for (auto &job : jobs)
    threads.emplace_back(job);
  for (auto &each : threads)
    each.join();
  a += b;
}

SCENARIO_MAIN(SCENARIO(joined_ok), SCENARIO(not_joined_bad), SCENARIO(unlocked_ok),
              SCENARIO(pair_ok), SCENARIO(other_lock_bad), SCENARIO(future_ok),
              SCENARIO(future_bad), SCENARIO(different_jobs_ok))
