// RUN: %heddle_verify --checks=inconsistent-guard,unguarded-shared-write %s -- -std=c++20

// Locks of coroutines: what is awaited gives back an owner, and its end gives back the lock.
#include "../locks/Inputs/tasks.h"

#include <mutex>
#include <string>
#include <thread>

class turnstile {
public:
  class pass {
  public:
    explicit pass(turnstile *of) : of_(of) {}
    pass(pass &&other) noexcept : of_(other.of_) { other.of_ = nullptr; }
    ~pass() {
      if (of_)
        of_->leave();
    }

  private:
    turnstile *of_;
  };
  struct entry {
    turnstile &of;
    bool await_ready();
    bool await_suspend(std::coroutine_handle<> waiting);
    pass await_resume() { return pass(&of); }
  };
  entry enter() { return entry{*this}; }
  void leave();
};

struct visitor {
  std::string name;
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> waiting);
  std::string await_resume() { return name; }
};

class museum {
public:
  task visit_ok() {
    auto pass = co_await gate_.enter();
    ++inside_;
    co_await yield_turn();
    --inside_;
    co_return 0;
  }
  task count_ok() {
    auto pass = co_await gate_.enter();
    std::lock_guard<std::mutex> hold(mutex_);
    ++inside_;
    co_return 0;
  }
  task name_bad() {
    std::string name = co_await visitor{"anybody"};
    ++named_; // expected-warning {{'named_' is written here without 'mutex_'}}
    co_return 0;
  }
  void close() {
    std::lock_guard<std::mutex> hold(mutex_);
    ++inside_;
    ++named_;
  }

private:
  turnstile gate_;
  std::mutex mutex_;
  int inside_ = 0, named_ = 0;
};
