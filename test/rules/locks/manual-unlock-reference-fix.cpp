// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle --quiet --checks=manual-unlock --fix %t.cpp -- -std=c++20
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %FileCheck %s --input-file=%t.cpp

// A reference is written by its name alone.
#include <mutex>

class tally {
public:
  explicit tally(std::mutex &mutex) : mutex_(mutex) {}
  // CHECK-LABEL: void add
  // CHECK: const std::lock_guard<std::mutex> {{.*}}(mutex_);
  // CHECK-NEXT: sum_ += n;
  // CHECK-NEXT: }
  void add(int n) {
    mutex_.lock();
    sum_ += n;
    mutex_.unlock();
  }
  int sum();

private:
  std::mutex &mutex_;
  int sum_ = 0;
};

// CHECK-LABEL: int tally::sum
int tally::sum() {
  std::lock_guard<std::mutex> lock(mutex_);
  return sum_;
}
