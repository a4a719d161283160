// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held,exit-holding-lock,blocking-while-locked %s -- -std=c++17
// RUN: %clangxx -std=c++17 -pthread %s -o %t
// RUN: %hangs %t released_late_bad
// RUN: timeout 60 %t ok

// Guards of the project's own: a null pointer says that the lock has been given back.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

class Releasable {
public:
  explicit Releasable(std::mutex *lock) : lock_(lock) { lock_->lock(); }
  ~Releasable() {
    if (lock_ != nullptr)
      lock_->unlock();
  }
  void release() {
    lock_->unlock();
    lock_ = nullptr;
  }

private:
  std::mutex *lock_;
};

class Leaving {
public:
  explicit Leaving(std::mutex *lock) : lock_(lock) {
    if (lock_)
      lock_->lock();
  }
  ~Leaving() { leave(); }
  void leave() {
    if (lock_)
      lock_->unlock();
    lock_ = nullptr;
  }

private:
  std::mutex *lock_;
};

std::mutex m;
int counter;

int get() {
  std::lock_guard<std::mutex> lock(m);
  return counter;
}

bool early(int by) {
  Releasable lock(&m);
  if (by < 0)
    return false;
  counter += by;
  lock.release();
  get();
  return true;
}

void released_ok() {
  early(1);
  early(-1);
  get();
}

void released_late_bad() {
  Releasable lock(&m);
  ++counter;
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
  lock.release();
}

bool leaves(int by) {
  Leaving lock(&m);
  if (by < 0)
    return false;
  counter += by;
  lock.leave();
  return true;
}

void left_ok() {
  leaves(1);
  leaves(-1);
  std::thread other(leaves, 2);
  other.join();
  get();
}

// What a scope guard calls is not known to its destructor.
template <typename Callable> class AtEnd {
public:
  explicit AtEnd(Callable call) : call_(std::move(call)) {}
  ~AtEnd() { call_(); }

private:
  Callable call_;
};

void visit(int by) {
  m.lock();
  AtEnd leave([] { m.unlock(); });
  if (by < 0)
    return;
  counter += by;
}

void scope_end_ok() {
  visit(1);
  std::thread other(visit, 2);
  other.join();
  get();
}

const scenario all[] = {
    {"released_ok", released_ok},
    {"released_late_bad", released_late_bad},
    {"left_ok", left_ok},
    {"scope_end_ok", scope_end_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
