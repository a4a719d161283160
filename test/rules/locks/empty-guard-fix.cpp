// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=empty-guard %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: %heddle check --checks=empty-guard %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=empty-guard %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// A guard that was told to lock later locks at once.
#include <mutex>
#include <thread>

std::mutex m;
long counter;

void add() {
  // CHECK: {{^}}  std::unique_lock<std::mutex> lock(m);
  std::unique_lock<std::mutex> lock(m, std::defer_lock);
  ++counter;
}

int main() {
  auto work = [] {
    for (int i = 0; i < 1000; ++i)
      add();
  };
  std::thread other(work);
  work();
  other.join();
  return counter == 2000 ? 0 : 1;
}
