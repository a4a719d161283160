// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=loop-variable-capture %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=loop-variable-capture,unguarded-shared-write,dangling-task-capture %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=loop-variable-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// What belongs to one round is captured by value.
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

void counter() {
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    // CHECK: workers.emplace_back([i] { std::printf("%d\n", i); });
    workers.emplace_back([&i] { std::printf("%d\n", i); });
  for (std::thread &worker : workers)
    worker.join();
}

void by_default() {
  std::vector<std::thread> workers;
  int results[4] = {};
  for (int i = 0; i < 4; ++i)
    // CHECK: workers.emplace_back([&, i] { results[i] = i; });
    workers.emplace_back([&] { results[i] = i; });
  for (std::thread &worker : workers)
    worker.join();
}

void element(const std::vector<std::string> &names) {
  std::vector<std::thread> workers;
  for (std::string name : names) {
    // CHECK: workers.emplace_back([name] { std::puts(name.c_str()); });
    workers.emplace_back([&name] { std::puts(name.c_str()); });
  }
  for (std::thread &worker : workers)
    worker.join();
}

int main() {
  counter();
  by_default();
  element({"one", "two"});
}
