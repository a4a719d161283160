// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20 -I%runtime_include
// RUN: %tsan_cxx -I%runtime_include %s %runtime_tsan_lib -o %t
// RUN: %race_found %t spawner_bad
// RUN: %race_found %t two_tasks_bad
// RUN: %race_found %t read_before_the_wait_bad
// RUN: %race_found %t written_after_done_bad
// RUN: %race_found %t written_after_the_send_bad
// RUN: %race_found %t dropped_task_bad
// RUN: %race_found %t different_locks_bad
// RUN: %t ok

// Tasks of Heddle's runtime: what join, wait groups, channels and its mutex keep apart.
#include "../scenarios.h"

#include "heddle/heddle.h"

#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

// Lets the spawner get on first. The runtime orders the end of a task before much of what comes
// later, so that a run shows the race only this way round.
void dawdle() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

int hits = 0;

void spawner_bad() {
  heddle::task worker = heddle::go([] {
    dawdle();
    ++hits; // expected-warning {{'hits' is written}}
  });
  ++hits;
  worker.join();
}

void add_one(int &sum) {
  dawdle();
  sum += 1; // expected-warning {{'sum' is written}}
}

void two_tasks_bad() {
  int sum = 0;
  heddle::task first = heddle::go(add_one, std::ref(sum));
  heddle::task second = heddle::go(add_one, std::ref(sum));
  first.join();
  second.join();
}

int before_wait = 0;

void read_before_the_wait_bad() {
  heddle::wait_group group;
  group.go([] {
    dawdle();
    before_wait = 1; // expected-warning {{'before_wait' is written}}
  });
  std::printf("%d\n", before_wait);
  group.wait();
}

void written_after_done_bad() {
  int result = 0;
  heddle::wait_group group;
  group.add();
  heddle::task worker = heddle::go([&] {
    group.done();
    dawdle();
    result = 1; // expected-warning {{'result' is written}}
  });
  group.wait();
  std::printf("%d\n", result);
  worker.join();
}

void written_after_the_send_bad() {
  int value = 0;
  const auto ready = heddle::make_channel<heddle::unit>(1);
  heddle::task worker = heddle::go([&value, ready] {
    ready.send({});
    dawdle();
    value = 1; // expected-warning {{'value' is written}}
  });
  (void)ready.receive();
  std::printf("%d\n", value);
  worker.join();
}

int dropped = 0;

void dropped_task_bad() {
  {
    const heddle::task alone = heddle::go([] {
      dawdle();
      dropped = 1; // expected-warning {{'dropped' is written}}
    });
  } // dropping the handle waits for nothing
  dropped = 2;
  std::this_thread::sleep_for(std::chrono::milliseconds(200)); // lets the task run
}

heddle::mutex one_mutex;
heddle::mutex other_mutex;
int split = 0;

void different_locks_bad() {
  heddle::task worker = heddle::go([] {
    dawdle();
    const heddle::lock_guard lock(one_mutex);
    ++split; // expected-warning {{'split' is written}}
  });
  {
    const heddle::lock_guard lock(other_mutex);
    ++split;
  }
  worker.join();
}

int guarded = 0;

void same_mutex_ok() {
  heddle::task worker = heddle::go([] {
    const heddle::lock_guard lock(one_mutex);
    ++guarded;
  });
  {
    const heddle::lock_guard lock(one_mutex);
    ++guarded;
  }
  worker.join();
}

int deferred_unlock = 0;

void write_with_deferred_unlock() {
  one_mutex.lock();
  const heddle::defer unlock([] { one_mutex.unlock(); });
  ++deferred_unlock;
}

void deferred_unlock_ok() {
  heddle::task worker = heddle::go(write_with_deferred_unlock);
  write_with_deferred_unlock();
  worker.join();
}

void after_join_ok() {
  int result = 0;
  heddle::task worker = heddle::go([&result] { result = 1; });
  worker.join();
  ++result;
}

void wait_group_then_read_ok() {
  int results[2] = {};
  heddle::wait_group group;
  for (int i = 0; i < 2; ++i)
    group.go([&results, i] { results[i] = i; });
  group.wait();
  std::printf("%d\n", results[0] + results[1]);
}

void add_done_wait_ok() {
  int result = 0;
  heddle::wait_group group;
  group.add();
  heddle::task worker = heddle::go([&] {
    const heddle::defer done([&] { group.done(); });
    result = 1;
  });
  group.wait();
  ++result;
  worker.join();
}

void channel_signal_ok() {
  int value = 0;
  const auto ready = heddle::make_channel<heddle::unit>();
  heddle::task worker = heddle::go([&value, ready] {
    value = 1;
    ready.send({});
  });
  (void)ready.receive();
  ++value;
  worker.join();
}

void signal_by_close_ok() {
  int value = 0;
  const auto ready = heddle::make_channel<heddle::unit>();
  heddle::task worker = heddle::go([&value, ready] {
    value = 1;
    ready.close();
  });
  (void)ready.receive();
  ++value;
  worker.join();
}

void range_until_close_ok() {
  int sent = 0;
  const auto numbers = heddle::make_channel<int>();
  heddle::task worker = heddle::go([&sent, numbers] {
    const heddle::defer close([&] { numbers.close(); });
    for (int i = 0; i < 3; ++i) {
      ++sent;
      numbers.send(i);
    }
  });
  int sum = 0;
  for (const int number : numbers)
    sum += number;
  std::printf("%d %d\n", sum, sent);
  worker.join();
}

struct job {
  int state = 0;
};

void hand_over_by_channel_ok() {
  const auto jobs = heddle::make_channel<std::unique_ptr<job>>();
  heddle::task worker = heddle::go([jobs] {
    while (auto own = jobs.receive())
      (*own)->state += 1;
  });
  auto own = std::make_unique<job>();
  own->state = 1;
  jobs.send(std::move(own));
  jobs.close();
  worker.join();
}

void selected_done_ok() {
  int value = 0;
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::task worker = heddle::go([&value, ctx = ctx] {
    heddle::select(heddle::on_receive(ctx.done(), [] {}));
    ++value;
  });
  value = 1; // before the cancel, and so before the task gets on
  cancel();
  worker.join();
}

void own_copies_ok() {
  int value = 1;
  heddle::task worker = heddle::go([value]() mutable { ++value; });
  ++value;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(spawner_bad), SCENARIO(two_tasks_bad), SCENARIO(read_before_the_wait_bad),
              SCENARIO(written_after_done_bad), SCENARIO(written_after_the_send_bad),
              SCENARIO(dropped_task_bad), SCENARIO(different_locks_bad),
              SCENARIO(deferred_unlock_ok), SCENARIO(after_join_ok),
              SCENARIO(wait_group_then_read_ok), SCENARIO(add_done_wait_ok),
              SCENARIO(channel_signal_ok), SCENARIO(signal_by_close_ok),
              SCENARIO(range_until_close_ok), SCENARIO(hand_over_by_channel_ok),
              SCENARIO(selected_done_ok), SCENARIO(own_copies_ok))
