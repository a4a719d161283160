// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=dangling-task-capture %t.cpp -- -std=c++20

// A handle that is only detached can wait instead, if it ends before what its thread uses.
#include <cstdio>
#include <string>
#include <thread>

void fill(std::string &text) { text += "more"; }

void lambda(std::string text) {
  int total = 0;
  // CHECK: std::jthread worker([&total, &text] {
  std::thread worker([&total, &text] {
    fill(text);
    ++total;
  });
  // CHECK-NEXT: fill(text);
  // CHECK-NEXT: ++total;
  // CHECK-NEXT: });
  // CHECK-NEXT: std::puts("started");
  worker.detach();
  std::puts("started");
}

void argument() {
  std::string text;
  // CHECK: std::jthread worker(fill, std::ref(text));
  std::thread worker(fill, std::ref(text));
  // CHECK-NEXT: }
  worker.detach();
}

template <typename Number> void counter() {
  Number count{};
  // CHECK: std::jthread worker([&count] { ++count; });
  std::thread worker([&count] { ++count; });
  worker.detach();
}
template void counter<long>();

// Where the handle cannot wait, both own what the thread uses.

void declared_before() {
  // CHECK: std::thread worker;
  std::thread worker;
  // CHECK: auto total = std::make_shared<int>(0);
  int total = 0;
  // CHECK: worker = std::thread([total] { ++*total; });
  worker = std::thread([&total] { ++total; });
  worker.detach();
}

void asked_for_its_name() {
  // CHECK: auto total = std::make_shared<int>(0);
  int total = 0;
  // CHECK: std::thread worker([total] { ++*total; });
  std::thread worker([&total] { ++total; });
  std::thread &same = worker;
  same.detach();
}

void deduced() {
  // CHECK: auto total = std::make_shared<int>(0);
  int total = 0;
  // CHECK: auto worker = std::thread([total] { ++*total; });
  auto worker = std::thread([&total] { ++total; });
  worker.detach();
}

void on_one_way(bool waits) {
  // CHECK: auto total = std::make_shared<int>(0);
  int total = 0;
  // CHECK: std::thread worker([total] { ++*total; });
  std::thread worker([&total] { ++total; });
  if (waits)
    worker.join();
  else
    worker.detach();
}
