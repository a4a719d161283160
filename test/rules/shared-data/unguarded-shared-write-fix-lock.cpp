// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// What cannot be atomic takes the mutex that guards the object elsewhere.
#include <mutex>
#include <string>
#include <thread>
#include <vector>

std::mutex values_mutex;
std::vector<int> values;

void append(int n) {
  const std::lock_guard<std::mutex> lock(values_mutex);
  values.push_back(n);
}

void append_without_lock(int n) {
  // CHECK-LABEL: void append_without_lock(int n)
  // CHECK: {
  // CHECK: const std::lock_guard<std::mutex> {{[a-z_]+\(values_mutex\);}}
  // CHECK-NEXT: values.push_back(n);
  // CHECK: }
  values.push_back(n);
}

void container() {
  std::thread worker(append, 1);
  append_without_lock(2);
  worker.join();
}

class label {
public:
  void set(const std::string &text) {
    const std::lock_guard<std::mutex> lock(mutex_);
    text_ = text;
  }
  void clear() {
    // CHECK-LABEL: void clear()
    // CHECK: const std::lock_guard<std::mutex> {{[a-z_]+\(mutex_\);}}
    // CHECK-NEXT: text_.clear();
    text_.clear();
  }

private:
  std::mutex mutex_;
  std::string text_;
};

void member() {
  label l;
  std::thread worker([&l] { l.set("text"); });
  l.clear();
  worker.join();
}

int main() {
  container();
  member();
}
