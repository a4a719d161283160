// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: not %heddle check --fix --checks=empty-guard %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: not %heddle check --checks=empty-guard %t.cpp -- -std=c++20 2>&1 | %FileCheck %s --check-prefix=LEFT
// RUN: cp %t.cpp %t.once.cpp
// RUN: not %heddle check --fix --checks=empty-guard %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// A guard without a lock gets the only one in scope. Where there are two, a reader has to decide.
// LEFT: 'const_lock' is given no lock
// LEFT: 'held' is given no lock
// LEFT: 'either' is given no lock
// LEFT-NOT: is given no lock
#include <mutex>
#include <shared_mutex>
#include <thread>

class counter {
public:
  void add() {
    // CHECK: {{^}}    std::unique_lock<std::mutex> lock(mutex);
    std::unique_lock<std::mutex> lock;
    ++value;
  }
  void add_braced() {
    // CHECK: {{^}}    std::unique_lock<std::mutex> lock(mutex);
    std::unique_lock<std::mutex> lock{};
    ++value;
  }
  void add_together() {
    // CHECK: {{^}}    const std::scoped_lock lock(mutex);
    const std::scoped_lock lock;
    ++value;
  }
  int get() const {
    // CHECK: {{^}}    std::unique_lock<std::mutex> const_lock;
    std::unique_lock<std::mutex> const_lock;
    return value;
  }
  void add_and_tell() {
    // CHECK: {{^}}    std::unique_lock<std::mutex> held;
    std::unique_lock<std::mutex> held; // the function takes the lock below: only --unsafe-fixes
    ++value;
    std::lock_guard later(mutex);
  }

private:
  std::mutex mutex;
  int value = 0;
};

class two {
public:
  void add() {
    // CHECK: {{^}}    std::unique_lock<std::mutex> either;
    std::unique_lock<std::mutex> either;
    ++value;
  }

private:
  std::mutex one, other;
  int value = 0;
};

int main() {
  counter c;
  auto work = [&] {
    for (int i = 0; i < 1000; ++i) {
      c.add();
      c.add_braced();
      c.add_together();
    }
  };
  std::thread other(work);
  work();
  other.join();
  two unused;
  unused.add();
}
