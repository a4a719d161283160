// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held,blocking-while-locked,exit-holding-lock,unguarded-shared-write,inconsistent-guard %s -- -std=c++20
// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held,blocking-while-locked,exit-holding-lock,unguarded-shared-write,inconsistent-guard %s -- -std=c++14
// RUN: %clangxx -std=c++17 -pthread %s -o %t
// RUN: %hangs %t parameter_bad
// RUN: %hangs %t member_bad
// RUN: %hangs %t lambda_bad
// RUN: timeout 60 %t ok
// RUN: %tsan_cxx %s -o %t.tsan
// RUN: %race_found %t.tsan jobs_bad

// What a guard owns goes with it: into parameters, members, lambdas and back.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

using Lock = std::unique_lock<std::mutex>;

std::mutex m, jobs_lock;
int counter, jobs;
bool threaded = true;

int get() {
  Lock lock(m);
  return counter;
}

// A parameter ends with the call at the latest.
void finish(Lock lock) {
  ++counter;
  lock.unlock();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void keep(Lock lock) { ++counter; }

void parameter_ok() {
  Lock lock(m);
  finish(std::move(lock));
  get();
  Lock again(m);
  keep(std::move(again));
  get();
}

void parameter_bad() {
  Lock lock(m);
  ++counter;
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
  finish(std::move(lock));
}

// Not run: twice_bad: the guard throws.
void twice_bad() {
  Lock lock(m);
  finish(std::move(lock));
  lock.unlock(); // expected-warning {{'lock' is told to unlock although it owns no lock here}}
}

// By reference, it is the caller's that is given back.
void pause(Lock &lock) {
  lock.unlock();
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  lock.lock();
}

void reference_ok() {
  Lock lock(m);
  ++counter;
  pause(lock);
  ++counter;
}

// Not run: reference_bad: others only wait for a while.
void reference_bad() {
  Lock lock(m);
  pause(lock);
  // expected-warning@+1 {{while 'm' is held}}
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ++counter;
}

void done(Lock &lock) { lock.unlock(); }

void given_back_ok() {
  Lock lock(jobs_lock);
  ++jobs;
  done(lock);
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void given_back_bad() {
  Lock lock(jobs_lock);
  done(lock);
  ++jobs; // expected-warning {{'jobs'}}
}

void more_jobs() {
  Lock lock(jobs_lock);
  ++jobs;
}

class Session {
public:
  explicit Session(Lock lock) : lock_(std::move(lock)) {}
  void set(int to) { counter = to; }
  void close() { auto dropped = std::move(lock_); }
  void drop() { lock_ = Lock(); }

private:
  Lock lock_;
};

Session open() {
  Lock lock(m);
  ++counter;
  return Session(std::move(lock));
}

void member_ok() {
  {
    Session session = open();
    session.set(1);
  }
  get();
  open().set(2);
  get();
  Session closed = open();
  closed.close();
  get();
  Session dropped = open();
  dropped.drop();
  get();
}

void member_bad() {
  Session session = open();
  session.set(1);
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
}

Lock step(Lock lock) {
  ++counter;
  return lock;
}

void through_ok() {
  Lock lock(m);
  lock = step(std::move(lock));
  ++counter;
  lock.unlock();
  get();
}

void dropped_at_once_ok() {
  Lock lock(m);
  ++counter;
  (void)Lock(std::move(lock));
  get();
}

void lambda_ok() {
  Lock lock(m);
  auto close = [own = std::move(lock)]() mutable { own.unlock(); };
  close();
  get();
}

void lambda_end_ok() {
  Lock lock(m);
  {
    auto keep = [own = std::move(lock)] {};
    keep();
  }
  get();
}

void lambda_bad() {
  Lock lock(m);
  auto keep = [own = std::move(lock)] {};
  get(); // expected-warning {{the call of 'get' locks 'm' while this thread holds it}}
  keep();
}

void chosen_ok() {
  auto lock = threaded ? Lock(m) : Lock();
  ++counter;
}

void race_in_two_threads(void (*first)(), void (*second)()) {
  std::thread a(first), b(second);
  a.join();
  b.join();
}

void jobs_bad() { race_in_two_threads(given_back_bad, more_jobs); }
void jobs_ok() { race_in_two_threads(given_back_ok, more_jobs); }

const scenario all[] = {
    {"parameter_ok", parameter_ok},   {"parameter_bad", parameter_bad},
    {"reference_ok", reference_ok},   {"reference_bad", reference_bad},
    {"given_back_ok", given_back_ok}, {"given_back_bad", given_back_bad},
    {"member_ok", member_ok},         {"member_bad", member_bad},
    {"through_ok", through_ok},       {"dropped_at_once_ok", dropped_at_once_ok},
    {"lambda_ok", lambda_ok},         {"lambda_end_ok", lambda_end_ok},
    {"lambda_bad", lambda_bad},       {"chosen_ok", chosen_ok},
    {"jobs_bad", jobs_bad},           {"jobs_ok", jobs_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
