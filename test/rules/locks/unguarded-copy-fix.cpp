// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=unguarded-copy %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: %heddle check --checks=unguarded-copy %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=unguarded-copy %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The lock of the source is taken before anything is read.
#include <mutex>
#include <thread>
#include <vector>

class journal {
public:
  journal() = default;
  // CHECK: journal(const journal &other) {
  // CHECK-NEXT: const std::lock_guard<std::mutex> lock(other.mutex_);
  journal(const journal &other) { lines_ = other.lines_; }
  void add(int line) {
    std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> lines_;
};

int main() {
  journal j;
  std::thread other([&j] {
    for (int i = 0; i < 1000; ++i)
      journal copy(j);
  });
  for (int i = 0; i < 1000; ++i)
    j.add(i);
  other.join();
}
