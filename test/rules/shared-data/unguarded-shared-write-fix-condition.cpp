// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// What a waiter asks for is changed under the waiter's lock: an atomic would change between its
// look and its sleep.
#include <condition_variable>
#include <mutex>
#include <thread>

std::mutex m;
std::condition_variable cv;
// CHECK: {{^bool done = false;}}
bool done = false;

void finish() {
  // CHECK: const std::lock_guard<std::mutex> lock(m);
  // CHECK-NEXT: done = true;
  done = true;
  cv.notify_all();
}

void wait_with_predicate() {
  std::unique_lock<std::mutex> lk(m);
  cv.wait(lk, [] { return done; });
}

class Gate {
public:
  void open() {
    // CHECK: const std::lock_guard<std::mutex> lock(mutex_);
    // CHECK-NEXT: open_ = true;
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock<std::mutex> lk(mutex_);
    changed_.wait(lk, [this] { return isOpen(); });
  }

private:
  bool isOpen() const { return open_; }

  std::mutex mutex_;
  std::condition_variable changed_;
  // CHECK: {{^  bool open_ = false;}}
  bool open_ = false;
};

void gate() {
  Gate g;
  std::thread t([&g] { g.pass(); });
  g.open();
  t.join();
}

// Nobody waits for it.
// CHECK: std::atomic<int> rounds = 0;
int rounds = 0;

int main() {
  std::thread u([] {
    wait_with_predicate();
    ++rounds;
  });
  finish();
  ++rounds;
  u.join();
  gate();
}
