// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t compared_bad
// RUN: %race_found %t swapped_bad
// RUN: %race_found %t printed_bad
// RUN: %t ok

// Functions of the library that are handed an object look at it, or change it.
#include "../scenarios.h"

#include <algorithm>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

std::string status = "starting";

void compared_bad() {
  bool ready = false;
  std::thread other([&ready] { ready = status == "ready, and longer than a short string"; });
  // expected-warning@+1 {{'status' is written here while another thread reads it}}
  status = "ready, and longer than a short string";
  other.join();
}

std::vector<int> items;

void swapped_bad() {
  std::vector<int> mine;
  // expected-warning@+1 {{'items' is written here while another thread writes it}}
  std::thread other([] { items.push_back(1); });
  mine.swap(items);
  other.join();
}

std::string title = "title";

void printed_bad() {
  std::ostringstream out;
  std::thread other([&out] { out << title; });
  // expected-warning@+1 {{'title' is written here while another thread reads it}}
  title += " of the book";
  other.join();
}

void line_bad(std::istream &in) {
  std::string line;
  std::thread other([&] {
    // expected-warning@+1 {{'line' is written here while another thread reads it}}
    std::getline(in, line);
  });
  if (line == "quit")
    std::puts("quit");
  other.join();
}

std::shared_ptr<int> current;

void asked_bad() {
  std::thread other([] {
    if (current == nullptr)
      std::puts("none");
  });
  current.reset(); // expected-warning {{'current' is written here while another thread reads it}}
  other.join();
}

void halves_ok() {
  std::vector<int> numbers(100);
  std::thread other([&] { std::sort(numbers.begin(), numbers.begin() + 50); });
  std::sort(numbers.begin() + 50, numbers.end());
  other.join();
}

void both_read_ok() {
  const std::string text = "text";
  std::string all = "all";
  bool same = false;
  std::ostringstream out;
  std::thread other([&] { same = text == all; });
  out << text + all;
  other.join();
  all += out.str();
}

void after_the_join_ok() {
  std::vector<int> mine, theirs;
  std::thread other([&] { theirs.push_back(1); });
  other.join();
  mine.swap(theirs);
}

SCENARIO_MAIN(SCENARIO(compared_bad), SCENARIO(swapped_bad), SCENARIO(printed_bad),
              SCENARIO(halves_ok), SCENARIO(both_read_ok), SCENARIO(after_the_join_ok))
