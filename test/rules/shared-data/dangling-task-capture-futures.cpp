// RUN: %heddle_verify --checks=dangling-task-capture,unguarded-shared-write %s -- -std=c++20
// RUN: %clangxx -std=c++20 -O1 -g -fsanitize=address -pthread %s -o %t
// RUN: not %t not_waited_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: not %t only_first_bad 2>&1 | %FileCheck --check-prefix=GONE %s
// RUN: %t ok

// GONE: AddressSanitizer: stack-use-after-{{return|scope}}

// Tasks of a pool whose futures are put into containers and members before they are waited for.
#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class pool {
public:
  pool() : worker([this] { run(); }) {}
  ~pool() {
    {
      std::lock_guard<std::mutex> guard(mutex);
      stop = true;
    }
    condition.notify_all();
    worker.join();
  }
  template <class Function> std::future<void> submit(Function function) {
    std::packaged_task<void()> task(std::move(function));
    std::future<void> result = task.get_future();
    {
      std::lock_guard<std::mutex> guard(mutex);
      tasks.push(std::move(task));
    }
    condition.notify_one();
    return result;
  }

private:
  void run() {
    for (;;) {
      std::packaged_task<void()> task;
      {
        std::unique_lock<std::mutex> lock(mutex);
        condition.wait(lock, [this] { return stop || !tasks.empty(); });
        if (tasks.empty())
          return;
        task = std::move(tasks.front());
        tasks.pop();
      }
      task();
    }
  }

  std::mutex mutex;
  std::condition_variable condition;
  std::queue<std::packaged_task<void()>> tasks;
  bool stop = false;
  std::thread worker;
};

void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(100)); }

void all_waited_ok() {
  pool workers;
  std::vector<int> out(3);
  std::vector<std::future<void>> results;
  for (int i = 0; i < 3; ++i)
    results.push_back(workers.submit([&out, i] { out[i] = i; }));
  for (std::future<void> &each : results)
    each.get();
}

void several_places_ok() {
  pool workers;
  int first = 0, second = 0;
  std::vector<std::future<void>> results;
  results.push_back(workers.submit([&] { first = 1; }));
  results.push_back(workers.submit([&] { second = 2; }));
  for (std::future<void> &each : results)
    each.wait();
  first += second;
}

struct running {
  std::future<void> result;
};

void member_ok() {
  pool workers;
  int out = 0;
  running job;
  job.result = workers.submit([&] { out = 1; });
  job.result.wait();
  ++out;
}

void not_waited_bad() {
  pool workers;
  std::vector<std::future<void>> results;
  {
    volatile int out = 0;
    results.push_back(workers.submit([&out] { // expected-warning {{'out' may be gone}}
      dawdle();
      out = 1;
    }));
  }
  for (std::future<void> &each : results)
    each.wait();
}

void only_first_bad() {
  pool workers;
  std::future<void> results[2];
  {
    volatile int first = 0, second = 0;
    results[0] = workers.submit([&first] { first = 1; });
    results[1] = workers.submit([&second] { // expected-warning {{'second' may be gone}}
      dawdle();
      second = 2;
    });
    results[0].wait();
  }
}

SCENARIO_MAIN(SCENARIO(all_waited_ok), SCENARIO(several_places_ok), SCENARIO(member_ok),
              SCENARIO(not_waited_bad), SCENARIO(only_first_bad))
