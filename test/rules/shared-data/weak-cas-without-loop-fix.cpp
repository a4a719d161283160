// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=weak-cas-without-loop %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=weak-cas-without-loop %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=weak-cas-without-loop %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// The strong form takes the place of the weak one.
#include <atomic>

std::atomic<int> owner = 0;
int plain = 0;
void claimed();

void fix_all(int me, std::atomic<int> *other) {
  int nobody = 0;
  // CHECK: if (owner.compare_exchange_strong(nobody, me))
  if (owner.compare_exchange_weak(nobody, me))
    claimed();
  // CHECK: other->compare_exchange_strong(nobody, me, std::memory_order_acquire);
  other->compare_exchange_weak(nobody, me, std::memory_order_acquire);
  // CHECK: std::atomic_compare_exchange_strong(&owner, &nobody, me);
  std::atomic_compare_exchange_weak(&owner, &nobody, me);
  // CHECK: __atomic_compare_exchange_n(&plain, &nobody, me, false, __ATOMIC_ACQ_REL,
  if (__atomic_compare_exchange_n(&plain, &nobody, me, true, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED))
    claimed();
}
