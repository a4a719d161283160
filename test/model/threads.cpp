// RUN: %heddle check --dump-model=threads --checks=thread-without-exit-path %s -- -std=c++20 \
// RUN:   | %FileCheck %s

// Who starts what under which name, and how the handle ends: spawns, joins, detaches, stops.
#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <utility>
#include <vector>

void report(int);
void step() { report(1); }

void named_function() {
  // CHECK: threads.cpp:[[@LINE+1]]:15: named_function starts step as worker
  std::thread worker(step);
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: named_function joins worker
  worker.join();
}

void detached() {
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:15: detached starts lambda as worker
  std::thread worker([] { step(); });
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: detached detaches worker
  worker.detach();
}

void asked_to_stop() {
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:16: asked_to_stop starts lambda as worker
  std::jthread worker([](std::stop_token) { step(); });
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: asked_to_stop stops worker
  worker.request_stop();
}

void in_a_container() {
  std::vector<std::thread> workers;
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: in_a_container starts step as workers[...]
  workers.emplace_back(step);
  for (std::thread &worker : workers)
    // CHECK-NEXT: threads.cpp:[[@LINE+1]]:5: in_a_container joins workers[...]
    worker.join();
}

class owner {
public:
  void start() {
    // The thread as any caller sees it, and as the one that names its owner does.
    // CHECK-NEXT: threads.cpp:[[@LINE+2]]:15: owner::start starts owner::run as {{thread_|\?}}
    // CHECK-NEXT: threads.cpp:[[@LINE+1]]:15: owner::start starts owner::run as o.thread_
    thread_ = std::thread(&owner::run, this);
  }
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:14: owner::~owner joins thread_
  ~owner() { thread_.join(); }

private:
  void run() { step(); }
  std::thread thread_;
};

void task() {
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:30: task starts step as result
  std::future<void> result = std::async(std::launch::async, step);
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: task joins result
  result.get();
}

// Nothing is known of a callable that comes from outside.
void unknown_callable(const std::function<void()> &callable) {
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:15: unknown_callable starts ? as worker
  std::thread worker(callable);
  // CHECK-NEXT: threads.cpp:[[@LINE+1]]:3: unknown_callable joins worker
  worker.join();
}

void uses_owner() {
  owner o;
  o.start();
}

// CHECK-NOT: threads:
