// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp

// A copy does not show what the giver changes while the task runs.
#include <cstdio>
#include <thread>

void changed_meanwhile() {
  int limit = 1;
  // CHECK: std::thread([limit] { std::printf("%d\n", limit); }).detach();
  std::thread([&limit] { std::printf("%d\n", limit); }).detach();
  limit = 2;
}
