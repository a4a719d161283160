// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=unsafe-double-checked-lock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=unsafe-double-checked-lock,unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=unsafe-double-checked-lock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The variable becomes atomic; where nothing else writes it, a once-flag takes over.
#include <mutex>
#include <thread>

struct table {
  int size = 7;
};

class cache {
public:
  int size() {
    if (!made_) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!made_)
        made_ = new table;
    }
    return made_->size;
  }

private:
  std::mutex mutex_;
  // CHECK: std::atomic<table *>{{ ?}}made_ = nullptr;
  table *made_ = nullptr;
};

static cache shared;
static std::mutex mutex;
static table *instance = nullptr;

static table *get_instance() {
  // CHECK: static std::once_flag instance_once;
  // CHECK: std::call_once(instance_once, [&] {
  if (!instance) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (!instance)
      instance = new table;
    // CHECK: });
  }
  return instance;
}

int main() {
  std::thread first([] { return shared.size() + get_instance()->size; });
  std::thread second([] { return shared.size() + get_instance()->size; });
  first.join();
  second.join();
}
