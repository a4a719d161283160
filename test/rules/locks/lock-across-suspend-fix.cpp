// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=lock-across-suspend %t.cpp -- -std=c++20 -I%S
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -I%S -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: %heddle check --checks=lock-across-suspend %t.cpp -- -std=c++20 -I%S
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=lock-across-suspend %t.cpp -- -std=c++20 -I%S
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %clangxx -std=c++20 -I%S -pthread %t.cpp -o %t
// RUN: timeout 60 %t

// The scope of the guard ends before the suspension.
#include "Inputs/tasks.h"

#include <mutex>

std::mutex m;
long counter;

task add(int n) {
  // CHECK: {{^}}task add(int n) {
  // CHECK-NEXT: {
  // CHECK-NEXT: std::lock_guard<std::mutex> lock(m);
  // CHECK-NEXT: counter += n;
  // CHECK-NEXT: }
  // CHECK-NEXT: co_await yield_turn();
  std::lock_guard<std::mutex> lock(m);
  counter += n;
  co_await yield_turn();
  co_return n;
}

int main() {
  task first = add(1), second = add(2);
  first.await_suspend(std::noop_coroutine()).resume();
  second.await_suspend(std::noop_coroutine()).resume();
  run_all();
  return counter == 3 ? 0 : 1;
}
