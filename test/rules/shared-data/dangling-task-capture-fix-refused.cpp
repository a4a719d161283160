// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp

// What a task changes, or cannot copy, is not captured by value.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>

void changed() {
  int total = 0;
  std::thread([&total] { ++total; }).detach();
}

void cannot_be_copied() {
  auto number = std::make_unique<int>(1);
  std::thread([&number] { std::printf("%d\n", *number); }).detach();
}

void append(std::string &text) { text += "more"; }

void given_on() {
  std::string text;
  std::thread([&text] { append(text); }).detach();
}

void one_of_two() {
  int low = 1;
  int high = 3;
  std::thread([&low, &high] { high = low; }).detach();
}

void argument() {
  std::string text;
  std::thread(append, std::ref(text)).detach();
}

void array() {
  int values[2] = {1, 2};
  std::thread([&values] { std::printf("%d\n", values[1]); }).detach();
}
