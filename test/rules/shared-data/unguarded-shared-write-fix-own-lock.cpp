// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: not %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp

// A member function takes the lock of the object that it is called for, whichever object has shown
// what its lock is.
#include <mutex>
#include <string>
#include <thread>

class Stats;
extern Stats stats, other;

class Stats {
public:
  void add(const std::string &text) {
    std::lock_guard<std::mutex> guard(mutex);
    total += text;
  }
  void reset() {
    // CHECK: void reset() {
    // CHECK: const std::lock_guard<std::mutex> lock(mutex);
    // CHECK-NEXT: total.clear();
    total.clear();
  }

private:
  std::mutex mutex;
  std::string total;
};
Stats stats, other;

void own_lock() {
  std::thread t([] { stats.reset(); });
  stats.add("a");
  t.join();
  other.reset();
}

// The lock lies around the object, and a member function of the object cannot name it.
struct Inner {
  std::string text;
  void clear() {
    // CHECK: void clear() {
    // CHECK-NEXT: text.clear();
    text.clear();
  }
};
struct Outer {
  std::mutex mutex;
  Inner inner;
};
Outer outer, another;

void lock_around() {
  std::thread t([] { outer.inner.clear(); });
  {
    std::lock_guard<std::mutex> guard(outer.mutex);
    outer.inner.text += "a";
  }
  t.join();
  another.inner.clear();
}

// One lock for all of them is known everywhere.
std::mutex all;
struct Shared {
  std::string text;
  void clear() {
    // CHECK: void clear() {
    // CHECK: const std::lock_guard<std::mutex> lock(all);
    // CHECK-NEXT: text.clear();
    text.clear();
  }
};
Shared shared;

void lock_of_all() {
  std::thread t([] { shared.clear(); });
  {
    std::lock_guard<std::mutex> guard(all);
    shared.text += "a";
  }
  t.join();
}
