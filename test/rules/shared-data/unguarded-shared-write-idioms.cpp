// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t callback_without_lock_bad
// RUN: %race_found %t callback_under_another_lock_bad
// RUN: %race_found %t joins_too_late_bad
// RUN: %t ok

// Idioms of everyday code: singletons, owners that join, gates, claims, callbacks.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <future>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

class settings {
public:
  static settings &instance() {
    static settings only;
    return only;
  }
  int at(const std::string &key) const { return values_.at(key); }

private:
  settings() { values_["a"] = 1; }
  std::map<std::string, int> values_;
};

void singleton_ok() {
  std::thread worker([] { settings::instance().at("a"); });
  settings::instance().at("a");
  worker.join();
}

class scoped_thread {
public:
  explicit scoped_thread(std::thread owned) : owned_(std::move(owned)) {}
  ~scoped_thread() {
    if (owned_.joinable())
      owned_.join();
  }

private:
  std::thread owned_;
};

void owner_joins_ok() {
  int result = 0;
  {
    const scoped_thread owner(std::thread([&] { result = 5; }));
  }
  ++result;
}

void joins_too_late_bad() {
  int result = 0;
  const scoped_thread owner(std::thread([&] {
    result = 5; // expected-warning {{'result' is written}}
  }));
  std::printf("%d\n", result);
}

template <typename F> class finally {
public:
  explicit finally(F last) : last_(std::move(last)) {}
  ~finally() { last_(); }

private:
  F last_;
};

void scope_guard_joins_ok() {
  int result = 0;
  {
    std::thread worker([&] { result = 5; });
    const finally join([&] { worker.join(); });
  }
  ++result;
}

void moved_promise_ok() {
  int data = 0;
  std::promise<void> done;
  std::future<void> is_done = done.get_future();
  std::thread worker(
      [&data](std::promise<void> mine) {
        data = 3;
        mine.set_value();
      },
      std::move(done));
  is_done.get();
  ++data;
  worker.join();
}

void start_gate_ok() {
  int data = 0;
  std::promise<void> go;
  const std::shared_future<void> gate = go.get_future().share();
  std::thread worker([gate, &data] {
    gate.wait();
    std::printf("%d\n", data);
  });
  data = 4;
  go.set_value();
  worker.join();
}

struct polled_job {
  std::mutex mutex;
  bool done = false;
  int result = 0;
  void run() {
    result = 42;
    const std::lock_guard lock(mutex);
    done = true;
  }
  bool is_done() {
    const std::lock_guard lock(mutex);
    return done;
  }
};

void polled_under_a_lock_ok() {
  polled_job job;
  std::thread worker([&] { job.run(); });
  while (!job.is_done())
    std::this_thread::yield();
  std::printf("%d\n", job.result);
  worker.join();
}

struct service {
  std::atomic<bool> started{false};
  int starts = 0;
  void start() {
    if (started.exchange(true))
      return;
    starts = 1;
  }
};

void first_one_wins_ok() {
  service s;
  std::thread first([&] { s.start(); });
  std::thread second([&] { s.start(); });
  first.join();
  second.join();
}

void last_one_out_ok() {
  int parts[2] = {};
  int sum = 0;
  std::atomic<int> pending{2};
  auto work = [&](int i) {
    parts[i] = i;
    if (--pending == 0)
      sum = parts[0] + parts[1];
  };
  std::thread first(work, 0);
  std::thread second(work, 1);
  first.join();
  second.join();
}

void valid_future_waited_for_ok() {
  int result = 0;
  std::future<void> task = std::async(std::launch::async, [&] { result = 1; });
  if (task.valid())
    task.wait();
  ++result;
}

void polled_future_ok() {
  int result = 0;
  std::future<void> task = std::async(std::launch::async, [&] { result = 1; });
  while (task.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
  }
  ++result;
  task.get();
}

template <typename F> void with_lock(std::mutex &mutex, F body) {
  const std::lock_guard lock(mutex);
  body();
}

template <typename F> void plainly(F body) { body(); }

std::mutex callback_mutex;
std::mutex other_mutex;
int by_callback = 0;

void callback_under_the_lock_ok() {
  std::thread worker([] { with_lock(callback_mutex, [] { ++by_callback; }); });
  with_lock(callback_mutex, [] { ++by_callback; });
  worker.join();
}

int by_plain_callback = 0;

void callback_without_lock_bad() {
  std::thread worker([] {
    plainly([] {
      ++by_plain_callback; // expected-warning {{'by_plain_callback' is written}}
    });
  });
  with_lock(callback_mutex, [] { ++by_plain_callback; });
  worker.join();
}

int by_two_locks = 0;

void callback_under_another_lock_bad() {
  std::thread worker([] {
    with_lock(other_mutex, [] {
      ++by_two_locks; // expected-warning {{'by_two_locks' is written}}
    });
  });
  with_lock(callback_mutex, [] { ++by_two_locks; });
  worker.join();
}

SCENARIO_MAIN(SCENARIO(callback_without_lock_bad), SCENARIO(callback_under_another_lock_bad),
              SCENARIO(joins_too_late_bad), SCENARIO(singleton_ok), SCENARIO(owner_joins_ok),
              SCENARIO(scope_guard_joins_ok), SCENARIO(moved_promise_ok), SCENARIO(start_gate_ok),
              SCENARIO(polled_under_a_lock_ok), SCENARIO(first_one_wins_ok),
              SCENARIO(last_one_out_ok), SCENARIO(valid_future_waited_for_ok),
              SCENARIO(polled_future_ok), SCENARIO(callback_under_the_lock_ok))
