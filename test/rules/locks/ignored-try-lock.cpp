// RUN: %heddle_verify --checks=ignored-try-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %exits 66 %t plain_bad
// RUN: %t ok

// Attempts to lock that nobody looks at; ThreadSanitizer sees the unlock of another one's lock.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex m;
std::timed_mutex timed;
std::shared_mutex rw;
int counter;

// [example: bad]
void plain_bad() {
  std::mutex busy;
  std::thread([&] { busy.lock(); }).join();
  busy.try_lock(); // expected-warning {{nobody looks whether this attempt to lock 'busy' succeeds}}
  ++counter;
  busy.unlock();
}
// [end]

void void_bad() {
  (void)m.try_lock(); // expected-warning {{attempt to lock 'm'}}
  ++counter;
  m.unlock();
}

void timed_bad() {
  timed.try_lock_for(std::chrono::milliseconds(10)); // expected-warning {{attempt to lock 'timed'}}
  ++counter;
  timed.unlock();
}

void shared_bad() {
  rw.try_lock_shared(); // expected-warning {{attempt to lock 'rw'}}
  rw.unlock_shared();
}

void adopted_bad() {
  m.try_lock(); // expected-warning {{attempt to lock 'm'}}
  std::lock_guard<std::mutex> lock(m, std::adopt_lock);
  ++counter;
}

class cache {
public:
  void drop_bad() {
    mutex_.try_lock(); // expected-warning {{attempt to lock 'mutex_'}}
    size_ = 0;
    mutex_.unlock();
  }

private:
  std::mutex mutex_;
  int size_ = 0;
};

void finish() { m.unlock(); }

void callee_bad() {
  m.try_lock(); // expected-warning {{attempt to lock 'm'}}
  ++counter;
  finish();
}

void lambda_bad() {
  auto work = [] {
    m.try_lock(); // expected-warning {{attempt to lock 'm'}}
    m.unlock();
  };
  work();
}

template <typename Mutex> void template_work(Mutex &mutex) {
  mutex.try_lock(); // expected-warning {{attempt to lock 'mutex'}}
  mutex.unlock();
}

void template_bad() { template_work(m); }

// A guard that may have got nothing, and that nobody asks.
void guard_bad() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock); // expected-warning {{nobody asks}}
  ++counter;
}

using Reading = std::shared_lock<std::shared_mutex>;

void shared_guard_bad() {
  Reading lock(rw, std::try_to_lock); // expected-warning {{nobody asks}}
  finish();
}

// [example: good]
void asked_ok() {
  if (m.try_lock()) {
    ++counter;
    m.unlock();
  }
}
// [end]

void early_ok() {
  if (!m.try_lock())
    return;
  m.unlock();
}

void stored_ok() {
  const bool locked = m.try_lock();
  if (locked)
    m.unlock();
}

bool passed_on_ok() { return m.try_lock(); }

void spin_ok() {
  while (!m.try_lock())
    std::this_thread::yield();
  m.unlock();
}

void spin_empty_ok() {
  while (!m.try_lock()) {
  }
  m.unlock();
}

void guard_ok() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  if (!lock)
    return;
  ++counter;
}

void guard_asked_late_ok() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  const bool owns = lock.owns_lock();
  if (owns)
    ++counter;
}

bool has(const std::unique_lock<std::mutex> &lock) { return lock.owns_lock(); }

void guard_handed_on_ok() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  if (has(lock))
    ++counter;
}

std::unique_lock<std::mutex> guard_returned_ok() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  return lock;
}

// Nothing is done that the lock could be for.
void nothing_done_ok() { std::unique_lock<std::mutex> lock(m, std::try_to_lock); }

void guard_dropped_ok() {
  std::unique_lock<std::mutex> lock(m, std::defer_lock);
  (void)lock.try_lock();
  ++counter;
}

void combined_ok(bool wanted) {
  if (wanted && m.try_lock())
    m.unlock();
}

void chosen_ok(bool wanted) {
  const bool locked = wanted ? m.try_lock() : false;
  if (locked)
    m.unlock();
}

void timed_ok() {
  if (timed.try_lock_for(std::chrono::milliseconds(10)))
    timed.unlock();
}

void lambda_ok() {
  auto work = [] {
    if (m.try_lock())
      m.unlock();
  };
  work();
}

const scenario all[] = {
    {"plain_bad", plain_bad},
    {"asked_ok", asked_ok},
    {"early_ok", early_ok},
    {"stored_ok", stored_ok},
    {"guard_ok", guard_ok},
    {"guard_dropped_ok", guard_dropped_ok},
    {"timed_ok", timed_ok},
    {"lambda_ok", lambda_ok},
    {"late_ok", guard_asked_late_ok},
    {"handed_on_ok", guard_handed_on_ok},
    {"nothing_done_ok", nothing_done_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
