// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp

// What a task cannot copy is not captured by value, and what cannot be made anew is not shared.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>

void cannot_be_copied() {
  auto number = std::make_unique<int>(1);
  std::thread([&number] { std::printf("%d\n", *number); }).detach();
}

void append(std::string &text) { text += "more"; }

void one_of_two() {
  int low = 1;
  int high[1] = {3};
  std::thread([&low, &high] { high[0] = low; }).detach();
}

void argument() {
  std::string text;
  std::thread(append, std::ref(text)).detach();
}

void array() {
  int values[2] = {1, 2};
  std::thread([&values] { std::printf("%d\n", values[1]); }).detach();
}
