// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --fix-unsafe --checks=check-then-act %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=check-then-act %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --fix-unsafe --checks=check-then-act %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// Nothing but the unlock and the lock stands between the check and the act: they go.
#include <map>
#include <mutex>
#include <string>

std::mutex mutex;
std::map<int, std::string> pages;

// CHECK-LABEL: void unlocked_between
void unlocked_between(int id) {
  std::unique_lock<std::mutex> lock(mutex);
  if (pages.count(id) > 0)
    return;
  // CHECK: return;
  // CHECK-NEXT: {{^}}  pages.emplace(id, "empty");
  lock.unlock();
  lock.lock();
  pages.emplace(id, "empty");
}

// CHECK-LABEL: void two_blocks
void two_blocks(int id) {
  bool known;
  {
    const std::lock_guard<std::mutex> lock(mutex);
    known = pages.count(id) > 0;
    // CHECK: known = pages
    // CHECK-NEXT: {{^ *$}}
    // CHECK-NEXT: {{^}}  if (!known) {
    // CHECK-NEXT: {{^}}    pages.emplace(id, "empty");
    // CHECK-NEXT: {{^}}  }
    // CHECK-NEXT: {{^}}  }
    // CHECK-NEXT: {{^}}}
  }
  if (!known) {
    const std::lock_guard<std::mutex> lock(mutex);
    pages.emplace(id, "empty");
  }
}

int counter = 0;

// CHECK-LABEL: void load_and_store
void load_and_store() {
  mutex.lock();
  int value = counter;
  // CHECK: int value = counter;
  // CHECK-NEXT: {{^}}  value = value + 1;
  // CHECK-NEXT: {{^}}  counter = value;
  mutex.unlock();
  value = value + 1;
  mutex.lock();
  counter = value;
  mutex.unlock();
}
