// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// What a task only reads is captured by value.
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

void named() {
  std::string line = "line";
  // CHECK: std::thread([line] { std::puts(line.c_str()); }).detach();
  std::thread([&line] { std::puts(line.c_str()); }).detach();
}

void by_default() {
  int low = 1;
  int high = 3;
  // CHECK: std::thread([&, high, low] {
  std::thread([&] { std::printf("%d %d\n", low, high); }).detach();
}

struct point {
  int x = 0, y = 0;
};

void among_others(std::string name) {
  point place;
  static int calls = 0;
  ++calls;
  // CHECK: std::thread([name, place, calls = calls] {
  std::thread([&name, &place, calls = calls] {
    std::printf("%s %d %d\n", name.c_str(), place.x, calls);
  }).detach();
}

void inner_lambda() {
  std::vector<int> values = {1, 2};
  // CHECK: std::thread([values] {
  std::thread([&values] {
    const auto sum = [&] { return static_cast<int>(values.size()); };
    std::printf("%d\n", sum());
  }).detach();
}

void owner() {
  auto shared = std::make_shared<point>();
  // CHECK: std::thread([shared] { shared->x = 1; }).detach();
  std::thread([&shared] { shared->x = 1; }).detach();
}
