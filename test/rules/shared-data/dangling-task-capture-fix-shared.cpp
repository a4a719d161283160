// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: cp %t.cpp %t.once.cpp
// RUN: %exits 1 %heddle check --fix-unsafe --checks=dangling-task-capture %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx -Wall %t.cpp -o %t
// RUN: %t

// What a task changes and its giver needs as well, both own.
// CHECK: #include <memory>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

struct record {
  int changes = 0;
  std::string name;
  explicit record(std::string name = "none") : name(std::move(name)) {}
  void change() { ++changes; }
};

void number(int seed) {
  // CHECK: auto total = std::make_shared<int>(seed + 1);
  int total = seed + 1;
  // CHECK-NEXT: *total += 2;
  total += 2;
  // CHECK-NEXT: std::thread([total] { ++*total; }).detach();
  std::thread([&total] { ++total; }).detach();
}

void member() {
  // CHECK: auto kept = std::make_shared<record>("kept");
  record kept{"kept"};
  // CHECK-NEXT: kept->change();
  kept.change();
  // CHECK: std::thread([kept] {
  std::thread([&kept] {
    // CHECK-NEXT: kept->change();
    // CHECK-NEXT: ++kept->changes;
    kept.change();
    ++kept.changes;
  }).detach();
}

void by_default() {
  // CHECK: auto one = std::make_shared<record>();
  record one;
  // CHECK-NEXT: record *pointer = &*one;
  record *pointer = &one;
  pointer->change();
  // CHECK: std::thread([&, one] { one->change(); }).detach();
  std::thread([&] { one.change(); }).detach();
}

void two() {
  // CHECK: auto first = std::make_shared<record>("first");
  record first("first");
  // CHECK: auto second = std::make_shared<std::atomic<long>>(1 + 2);
  std::atomic<long> second = 1 + 2;
  // CHECK: std::thread([first, second] {
  std::thread([&first, &second] {
    first.change();
    // CHECK: ++*second;
    ++second;
  }).detach();
}

void append(std::string &text, int times) { text.append(times, '.'); }

void used_in_many_ways(std::vector<int> &into) {
  // CHECK: auto at = std::make_shared<int>(0);
  int at = 0;
  // CHECK: auto text = std::make_shared<std::string>("...");
  std::string text = "...";
  // CHECK: std::thread([at, text] {
  std::thread([&at, &text] {
    // CHECK-NEXT: append(*text, 8 / (*at) + *at);
    append(text, 8 / at + at);
    // CHECK-NEXT: (*at)++;
    at++;
    // CHECK-NEXT: (*text)[0] = '!';
    text[0] = '!';
    // CHECK-NEXT: *text += "?";
    text += "?";
  }).detach();
  // CHECK: into[*at] = 2 * *at;
  into[at] = 2 * at;
}

// What follows stays as it is.

void parameter(record given) {
  // CHECK: std::thread([&given] { given.change(); }).detach();
  std::thread([&given] { given.change(); }).detach();
}

std::vector<int> returned() {
  // CHECK: std::vector<int> result;
  std::vector<int> result;
  std::thread([&result] { result.push_back(1); }).detach();
  return result;
}

std::string returned_by_reference() {
  // CHECK: std::string text;
  std::string text;
  std::thread([&text] { text += "more"; }).detach();
  return (text);
}

void deduced() {
  // CHECK: auto number = 1L;
  auto number = 1L;
  std::thread([&number] { ++number; }).detach();
}

void copied() {
  // CHECK: std::string text;
  std::string text;
  std::thread([&text] { text += "more"; }).detach();
  auto later = [text] { return text.size(); };
  later();
}

void listed() {
  // CHECK: std::vector<int> numbers{1, 2};
  std::vector<int> numbers{1, 2};
  std::thread([&numbers] { numbers.push_back(3); }).detach();
}

void among_others() {
  // CHECK: int one = 1, two = 2;
  int one = 1, two = 2;
  std::thread([&one] { ++one; }).detach();
  std::thread([two] { static_cast<void>(two); }).detach();
}

#define COUNT(variable) ++variable
void in_a_macro() {
  // CHECK: std::atomic<int> count{0};
  std::atomic<int> count{0};
  std::thread([&count] { COUNT(count); }).detach();
}

int main() {
  number(1);
  member();
  by_default();
  two();
}
