// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20

// expected-no-diagnostics
// When main returns the program ends, and with it the threads: that is another matter.
#include <cstdio>
#include <thread>

int main() {
  int total = 0;
  std::thread([&total] { std::printf("%d\n", total); }).detach();
  return 0;
}
