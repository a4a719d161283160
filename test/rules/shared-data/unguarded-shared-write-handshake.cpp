// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t latch_counted_down_too_early_bad
// RUN: %race_found %t promise_set_too_early_bad
// RUN: %race_found %t semaphore_released_too_early_bad
// RUN: %race_found %t future_not_waited_for_bad
// RUN: %race_found %t written_after_notify_bad
// RUN: %race_found %t written_beside_call_once_bad
// RUN: %t ok

// Order without a common lock: condition variables, futures, latches, semaphores, atomics.
#include "../scenarios.h"

#include <atomic>
#include <barrier>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>

int written_after_count_down = 0;

void latch_counted_down_too_early_bad() {
  std::latch ready(1);
  std::thread worker([&ready] {
    ready.count_down();
    written_after_count_down = 1; // expected-warning {{'written_after_count_down' is written}}
  });
  ready.wait();
  std::printf("%d\n", written_after_count_down);
  worker.join();
}

int written_after_set_value = 0;

void promise_set_too_early_bad() {
  std::promise<void> ready;
  std::future<void> is_ready = ready.get_future();
  std::thread worker([&ready] {
    ready.set_value();
    written_after_set_value = 1; // expected-warning {{'written_after_set_value' is written}}
  });
  is_ready.wait();
  std::printf("%d\n", written_after_set_value);
  worker.join();
}

int written_after_release = 0;

void semaphore_released_too_early_bad() {
  std::counting_semaphore<4> items(0);
  std::thread worker([&items] {
    items.release();
    written_after_release = 1; // expected-warning {{'written_after_release' is written}}
  });
  items.acquire();
  std::printf("%d\n", written_after_release);
  worker.join();
}

int not_waited_for = 0;

void future_not_waited_for_bad() {
  std::future<void> pending = std::async(std::launch::async, [] {
    not_waited_for = 1; // expected-warning {{'not_waited_for' is written}}
  });
  std::printf("%d\n", not_waited_for);
  pending.get();
}

std::mutex late_mutex;
std::condition_variable late_condition;
bool late_ready = false;
int late_value = 0;

void written_after_notify_bad() {
  std::thread worker([] {
    {
      const std::lock_guard lock(late_mutex);
      late_ready = true;
    }
    late_condition.notify_one();
    late_value = 1; // expected-warning {{'late_value' is written}}
  });
  std::unique_lock lock(late_mutex);
  late_condition.wait(lock, [] { return late_ready; });
  std::printf("%d\n", late_value);
  lock.unlock();
  worker.join();
}

std::once_flag each_time_flag;
int beside_once = 0;

void initialise_and_count() {
  std::call_once(each_time_flag, [] { std::puts("once"); });
  ++beside_once; // expected-warning {{'beside_once' is written}}
}

void written_beside_call_once_bad() {
  std::thread worker(initialise_and_count);
  initialise_and_count();
  worker.join();
}

std::mutex ready_mutex;
std::condition_variable ready_condition;
bool ready_flag = false;
int handed_value = 0;

void condition_variable_ok() {
  std::thread worker([] {
    handed_value = 42;
    {
      const std::lock_guard lock(ready_mutex);
      ready_flag = true;
    }
    ready_condition.notify_one();
  });
  {
    std::unique_lock lock(ready_mutex);
    ready_condition.wait(lock, [] { return ready_flag; });
  }
  std::printf("%d\n", handed_value);
  worker.join();
}

int looped_value = 0;
bool looped_ready = false;

void condition_wait_in_a_loop_ok() {
  std::thread worker([] {
    const std::lock_guard lock(ready_mutex);
    looped_value = 1;
    looped_ready = true;
    ready_condition.notify_all();
  });
  {
    std::unique_lock lock(ready_mutex);
    while (!looped_ready)
      ready_condition.wait(lock);
    looped_value += 1;
  }
  worker.join();
}

void promise_ok() {
  int value = 0;
  std::promise<void> ready;
  std::future<void> is_ready = ready.get_future();
  std::thread worker([&] {
    value = 1;
    ready.set_value();
  });
  is_ready.get();
  std::printf("%d\n", value);
  worker.join();
}

int async_value = 0;

void async_with_get_ok() {
  std::future<int> result = std::async(std::launch::async, [] {
    async_value = 1;
    return 2;
  });
  const int got = result.get();
  std::printf("%d %d\n", async_value, got);
}

int deferred_value = 0;

void async_deferred_ok() {
  std::future<void> result = std::async(std::launch::deferred, [] { deferred_value = 1; });
  deferred_value = 2; // the deferred call runs in this thread
  result.get();
}

int dropped_future_value = 0;

void async_future_destroyed_ok() {
  {
    const std::future<void> result =
        std::async(std::launch::async, [] { dropped_future_value = 1; });
  }
  ++dropped_future_value; // a future of async waits in its destructor
}

void packaged_task_ok() {
  int side = 0;
  std::packaged_task<int()> task([&side] {
    side = 1;
    return 2;
  });
  std::future<int> result = task.get_future();
  std::thread worker(std::move(task));
  const int got = result.get();
  std::printf("%d %d\n", side, got);
  worker.join();
}

void latch_ok() {
  int value = 0;
  std::latch ready(1);
  std::thread worker([&] {
    value = 1;
    ready.count_down();
  });
  ready.wait();
  ++value;
  worker.join();
}

void barrier_ok() {
  int cells[2] = {};
  std::barrier phase(2);
  std::thread worker([&] {
    cells[0] = 1;
    phase.arrive_and_wait();
    std::printf("%d\n", cells[1]);
  });
  cells[1] = 2;
  phase.arrive_and_wait();
  std::printf("%d\n", cells[0]);
  worker.join();
}

void semaphore_ok() {
  int value = 0;
  std::binary_semaphore ready(0);
  std::thread worker([&] {
    value = 1;
    ready.release();
  });
  ready.acquire();
  ++value;
  worker.join();
}

int published = 0;
std::atomic<bool> is_published = false;

void release_acquire_flag_ok() {
  std::thread worker([] {
    published = 42;
    is_published.store(true, std::memory_order_release);
  });
  while (!is_published.load(std::memory_order_acquire))
    std::this_thread::yield();
  std::printf("%d\n", published);
  worker.join();
}

int announced = 0;
std::atomic<bool> is_announced = false;

void atomic_wait_ok() {
  std::thread worker([] {
    announced = 42;
    is_announced = true;
    is_announced.notify_one();
  });
  is_announced.wait(false);
  std::printf("%d\n", announced);
  worker.join();
}

std::once_flag once;
int initialised = 0;

int get_initialised() {
  std::call_once(once, [] { initialised = 42; });
  return initialised;
}

void call_once_ok() {
  std::thread worker([] { std::printf("%d\n", get_initialised()); });
  std::printf("%d\n", get_initialised());
  worker.join();
}

int compute() { return 42; }

void initialiser_of_a_static_local_ok() {
  const auto get = [] {
    static const int value = compute();
    return value;
  };
  std::thread worker([get] { std::printf("%d\n", get()); });
  std::printf("%d\n", get());
  worker.join();
}

SCENARIO_MAIN(SCENARIO(latch_counted_down_too_early_bad), SCENARIO(promise_set_too_early_bad),
              SCENARIO(semaphore_released_too_early_bad), SCENARIO(future_not_waited_for_bad),
              SCENARIO(written_after_notify_bad), SCENARIO(written_beside_call_once_bad),
              SCENARIO(condition_variable_ok), SCENARIO(condition_wait_in_a_loop_ok),
              SCENARIO(promise_ok), SCENARIO(async_with_get_ok), SCENARIO(async_deferred_ok),
              SCENARIO(async_future_destroyed_ok), SCENARIO(packaged_task_ok), SCENARIO(latch_ok),
              SCENARIO(barrier_ok), SCENARIO(semaphore_ok), SCENARIO(release_acquire_flag_ok),
              SCENARIO(atomic_wait_ok), SCENARIO(call_once_ok),
              SCENARIO(initialiser_of_a_static_local_ok))
