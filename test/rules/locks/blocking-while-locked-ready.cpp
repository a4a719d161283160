// RUN: %heddle_verify --checks=blocking-while-locked %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t not_ready_bad timed_out_bad ready_or_not_bad another_one_bad \
// RUN:   the_next_one_bad
// RUN: timeout 60 %t ok

// Who asks for a result that is there does not wait for it.
#include "../scenarios.h"

#include <chrono>
#include <future>
#include <mutex>
#include <utility>
#include <vector>

std::mutex m;
int sum;
int compute();

void found_ready_ok(std::future<int> &task) {
  std::lock_guard<std::mutex> hold(m);
  if (task.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
    sum += task.get();
}

void found_ready_by_name_ok(std::future<int> &task) {
  const std::future_status status = task.wait_for(std::chrono::seconds(0));
  std::lock_guard<std::mutex> hold(m);
  if (status != std::future_status::ready)
    return;
  sum += task.get();
}

void each_that_is_ready_ok(std::vector<std::future<int>> &tasks) {
  std::lock_guard<std::mutex> hold(m);
  for (std::future<int> &task : tasks)
    if (task.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      sum += task.get();
}

void set_before_ok() {
  std::promise<int> answer;
  std::future<int> task = answer.get_future();
  answer.set_value(1);
  std::lock_guard<std::mutex> hold(m);
  sum += task.get();
}

void run_before_ok() {
  std::packaged_task<int()> work(compute);
  std::future<int> task = work.get_future();
  std::lock_guard<std::mutex> hold(m);
  work();
  sum += task.get();
}

void runs_right_there_ok() {
  std::future<int> task = std::async(std::launch::deferred, compute);
  std::lock_guard<std::mutex> hold(m);
  sum += task.get();
}

// Whoever asks may be the one that computes it.
void as_it_was_told_ok(std::launch how) {
  std::future<int> task = std::async(how, compute);
  std::lock_guard<std::mutex> hold(m);
  sum += task.get();
}

void one_or_the_other_ok(bool parallel) {
  const auto how = parallel ? std::launch::async : std::launch::deferred;
  std::future<int> task = std::async(how, compute);
  std::lock_guard<std::mutex> hold(m);
  sum += task.get();
}

// Not run: told_to_start_one_bad: it waits for no longer than the task takes.
void told_to_start_one_bad() {
  const auto how = std::launch::async;
  std::future<int> task = std::async(how, compute);
  std::lock_guard<std::mutex> hold(m);
  sum += task.get(); // expected-warning {{waits for the result of a task}}
}

void each_by_its_iterator_ok(std::vector<std::future<int>> &tasks) {
  std::lock_guard<std::mutex> hold(m);
  for (auto task = tasks.begin(); task != tasks.end();) {
    if (task->wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
      ++task;
      continue;
    }
    sum += task->get();
    task = tasks.erase(task);
  }
}

void each_that_stays_ok(std::vector<std::future<int>> &tasks) {
  std::lock_guard<std::mutex> hold(m);
  for (auto task = tasks.begin(); task != tasks.end(); ++task)
    if ((*task).wait_for(std::chrono::seconds(0)) == std::future_status::ready)
      sum += (*task).get();
}

void the_next_one_bad(std::vector<std::future<int>> &tasks) {
  std::lock_guard<std::mutex> hold(m);
  for (auto task = tasks.begin(); task != tasks.end();)
    if (task->wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
      ++task;
      sum += task->get(); // expected-warning {{waits for the result of a task}}
    }
}

void not_ready_bad(std::future<int> &task) {
  std::lock_guard<std::mutex> hold(m);
  if (task.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    sum += task.get(); // expected-warning {{waits for the result of a task}}
}

void timed_out_bad(std::future<int> &task) {
  std::lock_guard<std::mutex> hold(m);
  if (task.wait_for(std::chrono::seconds(0)) == std::future_status::timeout)
    sum += task.get(); // expected-warning {{waits for the result of a task}}
}

void ready_or_not_bad(std::future<int> &task) {
  std::lock_guard<std::mutex> hold(m);
  if (task.wait_for(std::chrono::seconds(0)) == std::future_status::ready)
    ++sum;
  sum += task.get(); // expected-warning {{waits for the result of a task}}
}

void another_one_bad(std::future<int> task, std::future<int> next) {
  std::lock_guard<std::mutex> hold(m);
  if (task.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    task = std::move(next);
    sum += task.get(); // expected-warning {{waits for the result of a task}}
  }
}

#ifdef RUN
#include <thread>

int compute() { return 1; }

// The result comes from a thread that needs the lock before.
void waits_for_lock(void (*wait)(std::future<int> &)) {
  std::promise<int> answer;
  std::future<int> task = answer.get_future();
  std::thread other([&] {
    for (; m.try_lock(); m.unlock())
      std::this_thread::yield();
    std::lock_guard<std::mutex> hold(m);
    answer.set_value(1);
  });
  wait(task);
  other.join();
}

void ready(void (*use)(std::future<int> &)) {
  std::promise<int> answer;
  std::future<int> task = answer.get_future();
  answer.set_value(1);
  use(task);
}

void wait_for_another(std::future<int> &next) {
  std::promise<int> answer;
  answer.set_value(1);
  another_one_bad(answer.get_future(), std::move(next));
}

void wait_for_next(std::future<int> &next) {
  std::promise<int> answer;
  answer.set_value(1);
  std::vector<std::future<int>> both;
  both.push_back(answer.get_future());
  both.push_back(std::move(next));
  the_next_one_bad(both);
}

SCENARIO_MAIN({"not_ready_bad", [] { waits_for_lock(not_ready_bad); }},
              {"timed_out_bad", [] { waits_for_lock(timed_out_bad); }},
              {"ready_or_not_bad", [] { waits_for_lock(ready_or_not_bad); }},
              {"another_one_bad", [] { waits_for_lock(wait_for_another); }},
              {"the_next_one_bad", [] { waits_for_lock(wait_for_next); }},
              {"found_ready_ok", [] { ready(found_ready_ok); }},
              {"found_ready_by_name_ok", [] { ready(found_ready_by_name_ok); }},
              SCENARIO(set_before_ok), SCENARIO(run_before_ok), SCENARIO(runs_right_there_ok))
#endif
