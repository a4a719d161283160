// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --fix-unsafe --checks=escaping-guarded-reference %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: %heddle check --checks=escaping-guarded-reference %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --fix-unsafe --checks=escaping-guarded-reference %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// A function of its own that returns a reference returns a copy instead.
#include <mutex>
#include <string>
#include <utility>
#include <vector>

class settings {
public:
  // CHECK: {{^}}  std::string name() const {
  const std::string &name() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return name_;
  }
  // CHECK: {{^}}  std::vector<int> levels() {
  std::vector<int> &levels() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return levels_;
  }
  void set(std::string name, int level) {
    const std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
    levels_.push_back(level);
  }

private:
  mutable std::mutex mutex_;
  std::string name_;
  std::vector<int> levels_;
};
