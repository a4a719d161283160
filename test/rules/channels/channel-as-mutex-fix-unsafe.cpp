// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --checks=channel-as-mutex %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %heddle check --fix-unsafe --checks=channel-as-mutex %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=channel-as-mutex %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// What the section declares is used behind it by something that may wait: the guard would hold the
// lock through that call.
#include <semaphore>
#include <thread>

void report(int value);

namespace {

int count = 0;
// CHECK: std::mutex slot;
std::binary_semaphore slot(1);

void count_up() {
  // CHECK: const std::lock_guard<std::mutex> lock(slot);
  slot.acquire();
  const int now = ++count;
  // CHECK-NEXT: const int now = ++count;
  // CHECK-NEXT: report(now);
  slot.release();
  report(now);
}

} // namespace

void two_threads() {
  std::thread other(count_up);
  count_up();
  other.join();
}
