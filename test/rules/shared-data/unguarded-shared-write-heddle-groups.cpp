// RUN: %heddle_verify --checks=unguarded-shared-write,dangling-task-capture %s -- -std=c++20 -I%runtime_include
// RUN: %tsan_cxx -I%runtime_include %s %runtime_tsan_lib -o %t
// RUN: %race_found %t group_bad
// RUN: %race_found %t pool_bad
// RUN: %race_found %t elements_bad
// RUN: %race_found %t fan_out_bad
// RUN: %race_found %t half_locked_bad
// RUN: %t ok

// Groups and pools of tasks of Heddle's runtime, and what keeps them apart.
#include "../scenarios.h"

#include "heddle/heddle.h"

#include <atomic>
#include <chrono>
#include <map>
#include <string>
#include <thread>

// Work that takes a while, so that several tasks are at it.
void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(20)); }

void group_bad() {
  int sum = 0;
  heddle::error_group group(heddle::background());
  for (int i = 0; i < 2; ++i)
    group.go([&] {
      dawdle();
      ++sum; // expected-warning {{'sum' is written}}
    });
  group.wait();
}

void group_ok() {
  int first = 0;
  int second = 0;
  heddle::error_group group(heddle::background());
  group.go([&] { ++first; });
  group.go([&](const heddle::context &) { ++second; });
  group.wait();
  first += second;
}

void pool_bad() {
  int sum = 0;
  heddle::worker_pool pool(heddle::background(), 2);
  for (int i = 0; i < 3; ++i)
    (void)pool.submit(heddle::background(), [&] {
      dawdle();
      ++sum; // expected-warning {{'sum' is written}}
    });
  pool.close();
}

void pool_ok() {
  int sum = 0;
  heddle::worker_pool pool(heddle::background(), 2);
  (void)pool.submit(heddle::background(), [&] { ++sum; });
  pool.close();
  ++sum;
}

void elements_bad() {
  int sum = 0;
  (void)heddle::parallel_for_each(heddle::background(), std::string("abc"), 2,
                                  [&](const heddle::context &, char letter) {
                                    dawdle();
                                    sum += letter; // expected-warning {{'sum' is written}}
                                  });
}

void elements_ok() {
  std::atomic<int> sum = 0;
  int calls = 0;
  (void)heddle::parallel_for_each(heddle::background(), std::string("abc"), 2,
                                  [&](const heddle::context &, char letter) { sum += letter; });
  ++calls;
}

void fan_out_bad() {
  int calls = 0;
  const auto letters = heddle::source(heddle::background(), std::string("abc"));
  const auto parts = heddle::fan_out(heddle::background(), letters, 3, [&](char letter) {
    dawdle();
    ++calls; // expected-warning {{'calls' is written}}
    return letter;
  });
  for ([[maybe_unused]] char letter : heddle::fan_in(heddle::background(), parts)) {
  }
}

// What the stages use is there until the loop has seen the end of them.
void stages_ok() {
  const int factor = 3;
  int sum = 0;
  const auto letters = heddle::source(heddle::background(), std::string("abc"));
  const auto numbers =
      heddle::stage(heddle::background(), letters, [&](char letter) { return letter * factor; });
  const auto parts = heddle::fan_out(heddle::background(), numbers, 2,
                                     [&](int number) { return number + factor; });
  for (int number : heddle::fan_in(heddle::background(), parts))
    sum += number;
}

class directory {
public:
  void put_ok(int key, int value) {
    heddle::write_guard lock(mutex);
    numbers[key] = value;
  }
  int get_ok(int key) {
    heddle::read_guard lock(mutex);
    const auto found = numbers.find(key);
    return found == numbers.end() ? 0 : found->second;
  }
  bool try_ok(int key) {
    if (!mutex.try_lock_shared())
      return false;
    const bool found = numbers.count(key) > 0;
    mutex.unlock_shared();
    return found;
  }

private:
  heddle::rw_mutex mutex;
  std::map<int, int> numbers;
};

void read_write_ok() {
  directory numbers;
  heddle::wait_group tasks;
  for (int i = 0; i < 3; ++i)
    tasks.go([&, i] {
      numbers.put_ok(i, i);
      (void)numbers.get_ok(i);
      (void)numbers.try_ok(i);
    });
  tasks.wait();
}

struct tally {
  heddle::rw_mutex mutex;
  int count = 0;
};

void half_locked_bad() {
  tally shared;
  heddle::wait_group tasks;
  tasks.go([&] {
    heddle::read_guard lock(shared.mutex);
    dawdle();
    if (shared.count < 0)
      dawdle();
  });
  tasks.go([&] {
    dawdle();
    ++shared.count; // expected-warning {{'count' is written}}
  });
  tasks.wait();
}

struct helpers {
  heddle::concurrent_map<int, int> map;
  heddle::atomic_value<int> value;
  heddle::pool<std::string> pool;
  heddle::queue<int> queue{1, heddle::overflow::drop_oldest};
  heddle::topic<int> topic;
  heddle::rate_limiter limiter{std::chrono::microseconds(1)};
  heddle::heartbeat heart;
  heddle::semaphore permits{2};
  heddle::timer timer{std::chrono::hours(1)};
  heddle::once once;
  int made = 0;
};

void helpers_ok() {
  helpers shared;
  heddle::wait_group tasks;
  for (int i = 0; i < 3; ++i)
    tasks.go([&, i] {
      shared.map.store(i, i);
      shared.map.update(1, [](int &n) { ++n; });
      shared.value.store(i);
      shared.pool.put(shared.pool.get());
      shared.queue.push(heddle::background(), i);
      shared.topic.publish(heddle::background(), i);
      shared.limiter.wait();
      shared.heart.pulse();
      shared.permits.acquire();
      shared.permits.release();
      shared.timer.reset(std::chrono::hours(1));
      shared.once.call([&] { ++shared.made; });
    });
  tasks.wait();
}

SCENARIO_MAIN(SCENARIO(group_bad), SCENARIO(group_ok), SCENARIO(pool_bad), SCENARIO(pool_ok),
              SCENARIO(elements_bad), SCENARIO(elements_ok), SCENARIO(fan_out_bad),
              SCENARIO(stages_ok), SCENARIO(read_write_ok), SCENARIO(half_locked_bad),
              SCENARIO(helpers_ok))
