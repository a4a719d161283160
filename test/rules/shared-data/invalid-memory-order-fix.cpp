// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=invalid-memory-order %t.cpp -- -std=c++20 -Wno-atomic-memory-ordering
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=invalid-memory-order %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=invalid-memory-order %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// The order that was meant takes the place of the wrong one, in the same spelling.
#include <atomic>

std::atomic<int> number = 0;
int plain = 0;

int fix_all(int expected) {
  // CHECK: number.store(1, std::memory_order_release);
  number.store(1, std::memory_order_acquire);
  // CHECK: number.store(2, std::memory_order::release);
  number.store(2, std::memory_order::acq_rel);
  // CHECK: std::memory_order_acq_rel, std::memory_order_acquire);
  number.compare_exchange_strong(expected, 2, std::memory_order_acq_rel, std::memory_order_acq_rel);
  // CHECK: __atomic_load_n(&plain, __ATOMIC_ACQUIRE)
  int sum = __atomic_load_n(&plain, __ATOMIC_RELEASE);
  // CHECK: number.load(std::memory_order_acquire)
  return sum + number.load(std::memory_order_release);
}
