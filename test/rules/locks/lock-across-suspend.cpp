// RUN: %heddle_verify --checks=lock-across-suspend %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t hold_bad manual_bad one_way_bad other_task_bad deposit_bad in_lambda_bad \
// RUN:   in_template_bad callee_bad reading_bad yielding_bad
// RUN: timeout 60 %t ok

// Coroutines that hold a lock while they wait. Two of them on one thread are enough to hang.
#include "../scenarios.h"
#include "Inputs/tasks.h"

#include <mutex>
#include <shared_mutex>

std::mutex m;
std::shared_mutex rw;
long counter;

// [example: bad]
task add_bad() {
  std::lock_guard<std::mutex> lock(m);
  ++counter;
  co_await yield_turn(); // expected-warning {{may be suspended here while it holds 'm'}}
  co_return 0;
}
// [end]

task manual_bad() {
  m.lock();
  ++counter;
  co_await yield_turn(); // expected-warning {{while it holds 'm'}}
  m.unlock();
  co_return 0;
}

task shared_bad() {
  std::shared_lock lock(rw);
  co_return co_await yield_turn(); // expected-warning {{while it holds 'rw'}}
}

numbers yields_bad(int n) {
  std::unique_lock lock(m);
  for (int i = 0; i < n; ++i)
    co_yield i; // expected-warning {{while it holds 'm'}}
}

task one_way_bad(bool wait) {
  std::scoped_lock lock(m);
  if (wait)
    co_await yield_turn(); // expected-warning {{while it holds 'm'}}
  ++counter;
  co_return 0;
}

task other_task_bad() {
  std::lock_guard lock(m);
  co_return co_await add_bad(); // expected-warning {{while it holds 'm'}}
}

class account {
public:
  task deposit_bad(long amount) {
    std::lock_guard lock(mutex_);
    co_await yield_turn(); // expected-warning {{while it holds 'mutex_'}}
    balance_ += amount;
    co_return 0;
  }
  task deposit_ok(long amount) {
    co_await yield_turn();
    std::lock_guard lock(mutex_);
    balance_ += amount;
    co_return 0;
  }

private:
  std::mutex mutex_;
  long balance_ = 0;
};

task in_lambda_bad() {
  auto inner = []() -> task {
    std::lock_guard lock(m);
    co_return co_await yield_turn(); // expected-warning {{while it holds 'm'}}
  };
  co_return co_await inner();
}

template <typename Mutex> task in_template_bad(Mutex &mutex) {
  std::lock_guard lock(mutex);
  co_return co_await yield_turn(); // expected-warning {{while it holds 'mutex'}}
}
template task in_template_bad(std::mutex &);

void take() { m.lock(); }
void give() { m.unlock(); }

task callee_bad() {
  take();
  co_await yield_turn(); // expected-warning {{while it holds 'm'}}
  give();
  co_return 0;
}

// [example: good]
task add_ok() {
  {
    std::lock_guard<std::mutex> lock(m);
    ++counter;
  }
  co_await yield_turn();
  co_return 0;
}
// [end]

task unlocked_before_ok() {
  std::unique_lock lock(m);
  ++counter;
  lock.unlock();
  co_await yield_turn();
  lock.lock();
  ++counter;
  co_return 0;
}

task by_hand_ok() {
  m.lock();
  ++counter;
  m.unlock();
  co_return co_await yield_turn();
}

task deferred_ok() {
  std::unique_lock lock(m, std::defer_lock);
  co_await yield_turn();
  lock.lock();
  ++counter;
  co_return 0;
}

task callee_ok() {
  take();
  give();
  co_return co_await yield_turn();
}

task never_suspends_ok() {
  std::lock_guard lock(m);
  co_await std::suspend_never();
  ++counter;
  co_return 0;
}

task tried_ok() {
  if (m.try_lock()) {
    ++counter;
    m.unlock();
  }
  co_return co_await yield_turn();
}

/// A lock that is awaited, and belongs to no thread.
class async_mutex {
public:
  yield_turn lock() { return {}; }
  void unlock() {}
};

async_mutex am;

task awaited_lock_ok() {
  co_await am.lock();
  std::lock_guard<async_mutex> lock(am, std::adopt_lock);
  co_return co_await yield_turn();
}

task plain_lambda_ok() {
  auto add = [] {
    std::lock_guard lock(m);
    ++counter;
  };
  add();
  co_return co_await yield_turn();
}

// Where the first has a lock the second waits for it, which only this thread could resume.
template <typename Make> void one_after_the_other(Make make) {
  task first = make(), second = make();
  suspended.clear();
  first.await_suspend(std::noop_coroutine()).resume();
  second.await_suspend(std::noop_coroutine()).resume();
  run_all();
}

void reading_bad() {
  task reader = shared_bad();
  reader.await_suspend(std::noop_coroutine()).resume();
  rw.lock();
}

void yielding_bad() {
  numbers three = yields_bad(3);
  three.begin();
  m.lock();
}

void all_ok() {
  unlocked_before_ok().get();
  by_hand_ok().get();
  deferred_ok().get();
  callee_ok().get();
  never_suspends_ok().get();
  tried_ok().get();
  awaited_lock_ok().get();
  plain_lambda_ok().get();
}

SCENARIO_MAIN({"hold_bad", [] { one_after_the_other(add_bad); }},
              {"manual_bad", [] { one_after_the_other(manual_bad); }},
              {"other_task_bad", [] { one_after_the_other(other_task_bad); }},
              {"in_lambda_bad", [] { one_after_the_other(in_lambda_bad); }},
              {"callee_bad", [] { one_after_the_other(callee_bad); }},
              {"one_way_bad", [] { one_after_the_other([] { return one_way_bad(true); }); }},
              {"in_template_bad", [] { one_after_the_other([] { return in_template_bad(m); }); }},
              {"deposit_bad",
               [] {
                 account shared;
                 one_after_the_other([&] { return shared.deposit_bad(1); });
               }},
              {"deposit_ok",
               [] {
                 account shared;
                 one_after_the_other([&] { return shared.deposit_ok(1); });
               }},
              SCENARIO(reading_bad), SCENARIO(yielding_bad),
              {"close_ok", [] { one_after_the_other(add_ok); }}, SCENARIO(all_ok))
