// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t worker_beside_caller_bad
// RUN: %race_found %t two_objects_one_global_bad
// RUN: %race_found %t by_the_base_bad
// RUN: %t ok

// Classes that start a thread for their own virtual function.
#include "../scenarios.h"

#include <mutex>
#include <pthread.h>
#include <thread>

class Thread {
public:
  virtual ~Thread() = default;
  void start() { pthread_create(&handle_, nullptr, &Thread::entry, this); }
  void join() { pthread_join(handle_, nullptr); }

protected:
  virtual void run() = 0;

private:
  static void *entry(void *self) {
    static_cast<Thread *>(self)->run();
    return nullptr;
  }
  pthread_t handle_{};
};

class Counter : public Thread {
public:
  int count = 0;

private:
  void run() override {
    for (int i = 0; i < 1000; ++i)
      ++count; // expected-warning {{'count' is written}}
  }
};

void worker_beside_caller_bad() {
  Counter counter;
  counter.start();
  ++counter.count;
  counter.join();
}

void joined_first_ok() {
  Counter counter;
  counter.start();
  counter.join();
  ++counter.count;
}

void two_objects_ok() {
  Counter one, other;
  one.start();
  other.start();
  one.join();
  other.join();
}

int total = 0;

class Adder : public Thread {
  void run() override {
    for (int i = 0; i < 1000; ++i)
      ++total; // expected-warning {{'total' is written}}
  }
};

void two_objects_one_global_bad() {
  Adder one, other;
  one.start();
  other.start();
  one.join();
  other.join();
}

std::mutex mutex;
int guarded = 0;

class GuardedAdder : public Thread {
  void run() override {
    const std::lock_guard<std::mutex> lock(mutex);
    ++guarded;
  }
};

void guarded_ok() {
  GuardedAdder one, other;
  one.start();
  other.start();
  one.join();
  other.join();
}

class Idle : public Thread {
public:
  int seen = 0;

private:
  void run() override {}
};

// Another class's run, not this one's.
void other_override_ok() {
  Idle idle;
  idle.start();
  ++idle.seen;
  idle.join();
}

// The thread is told which function by the name that it has in the base class.
class Task {
public:
  virtual ~Task() = default;
  void start() { thread_ = std::thread(&Task::run, this); }
  void join() { thread_.join(); }

protected:
  virtual void run() = 0;

private:
  std::thread thread_;
};

class Poll : public Task {
public:
  int polls = 0;

private:
  void run() override {
    for (int i = 0; i < 1000; ++i)
      ++polls; // expected-warning {{'polls' is written}}
  }
};

void by_the_base_bad() {
  Poll poll;
  poll.start();
  ++poll.polls;
  poll.join();
}

void by_the_base_ok() {
  Poll poll;
  poll.start();
  poll.join();
  ++poll.polls;
}

SCENARIO_MAIN(SCENARIO(worker_beside_caller_bad), SCENARIO(two_objects_one_global_bad),
              SCENARIO(joined_first_ok), SCENARIO(two_objects_ok), SCENARIO(guarded_ok),
              SCENARIO(other_override_ok), SCENARIO(by_the_base_bad), SCENARIO(by_the_base_ok))
