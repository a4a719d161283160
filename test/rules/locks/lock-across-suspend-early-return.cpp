// RUN: %heddle_verify --checks=lock-across-suspend,check-then-act,double-lock,lock-order-inversion %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t awaited_bad told_to_run_bad stored_and_awaited_bad
// RUN: timeout 60 %t ok

// clang-format off: expectations stand on the line.

// What is done under a lock before a coroutine is suspended: a look that may end it, and coroutines
// that are made and begin later.
#include "../scenarios.h"
#include "Inputs/tasks.h"

#include <deque>
#include <mutex>
#include <utility>
#include <vector>

task other() {
  co_await yield_turn();
  co_return 0;
}

class mailbox {
public:
  task send_ok() {
    {
      std::lock_guard lock(mutex_);
      if (closed_)
        co_return -1;
    }
    co_return co_await other();
  }
  task send_by_hand_ok() {
    mutex_.lock();
    if (closed_) {
      mutex_.unlock();
      co_return -1;
    }
    mutex_.unlock();
    co_return co_await other();
  }
  task send_in_a_loop_ok() {
    for (int i = 0; i < 3; ++i) {
      {
        std::unique_lock lock(mutex_);
        if (closed_)
          break;
        letters_.push_back(i);
      }
      co_await other();
    }
    co_return 0;
  }
  task look_twice_ok() {
    {
      std::lock_guard lock(mutex_);
      if (letters_.empty())
        co_return -1;
    }
    co_await other();
    std::lock_guard lock(mutex_);
    if (letters_.empty())
      co_return -1;
    letters_.pop_front();
    co_return 0;
  }
  task look_once_bad() {
    {
      std::lock_guard lock(mutex_);
      if (letters_.empty())
        co_return -1;
    }
    co_await other();
    std::lock_guard lock(mutex_);
    letters_.pop_front(); // expected-warning {{'letters_' is changed here after a check that was made before 'mutex_' was unlocked}}
    co_return 0;
  }

  // The body of a coroutine that is made under the lock begins when it is awaited.
  task count() {
    std::lock_guard lock(mutex_);
    co_return static_cast<int>(letters_.size());
  }
  task made_before_ok() {
    std::unique_lock lock(mutex_);
    if (closed_)
      co_return -1;
    task counting = count();
    lock.unlock();
    co_return co_await std::move(counting);
  }
  task put_aside_ok() {
    {
      std::lock_guard lock(mutex_);
      if (closed_)
        co_return -1;
      waiting_.push_back(count());
    }
    co_return co_await std::move(waiting_.back());
  }
  task make() {
    std::lock_guard lock(mutex_);
    return count();
  }
  task made_by_another_ok() { co_return co_await make(); }
  task awaited_bad() {
    std::lock_guard lock(mutex_);
    co_return co_await count(); // expected-warning {{the call of 'mailbox::count' locks 'mutex_' while this thread holds it}} expected-warning {{may be suspended here while it holds 'mutex_'}}
  }
  int told_to_run_bad() {
    std::lock_guard lock(mutex_);
    return count().get(); // expected-warning {{the call of 'mailbox::count' locks 'mutex_' while this thread holds it}}
  }
  task stored_and_awaited_bad() {
    std::lock_guard lock(mutex_);
    task counting = count();
    co_return co_await std::move(counting); // expected-warning {{may be suspended here while it holds 'mutex_'}}
  }

  void post(int letter) {
    std::lock_guard lock(mutex_);
    letters_.push_back(letter);
  }
  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
  }

private:
  std::mutex mutex_;
  bool closed_ = false;
  std::deque<int> letters_;
  std::vector<task> waiting_;
};

// The other way round, but not at the same time.
std::mutex first, second;
int counted;

task takes_second() {
  std::lock_guard lock(second);
  ++counted;
  co_return 0;
}

task makes_under_first_ok() {
  std::unique_lock lock(first);
  task later = takes_second();
  lock.unlock();
  co_return co_await std::move(later);
}

void second_then_first() {
  std::lock_guard outer(second);
  std::lock_guard inner(first);
  ++counted;
}

void all_ok() {
  mailbox box;
  box.post(1);
  box.post(2);
  box.send_ok().get();
  box.send_by_hand_ok().get();
  box.send_in_a_loop_ok().get();
  box.look_twice_ok().get();
  box.made_before_ok().get();
  box.put_aside_ok().get();
  box.made_by_another_ok().get();
  makes_under_first_ok().get();
  second_then_first();
  box.close();
  box.send_ok().get();
}

SCENARIO_MAIN({"awaited_bad", [] { mailbox().awaited_bad().get(); }},
              {"told_to_run_bad", [] { mailbox().told_to_run_bad(); }},
              {"stored_and_awaited_bad", [] { mailbox().stored_and_awaited_bad().get(); }},
              SCENARIO(all_ok))
// Not run: look_once_bad: what another thread does in between is no deadlock.
