// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --fix-unsafe --checks=lock-across-suspend %t.cpp -- -std=c++20 -I%S
// RUN: cmp %t.cpp %t.before.cpp

// Where what is guarded is used behind the suspension, or declared before it, nothing is edited.
#include "Inputs/tasks.h"

#include <mutex>

std::mutex m;
long counter;

task used_behind() {
  std::lock_guard<std::mutex> lock(m);
  ++counter;
  co_await yield_turn();
  ++counter;
  co_return 0;
}

task declared_between() {
  std::lock_guard<std::mutex> lock(m);
  int seen = counter;
  co_await yield_turn();
  co_return seen;
}

task in_a_loop() {
  std::lock_guard<std::mutex> lock(m);
  ++counter;
  while (true)
    co_await yield_turn();
}
