// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=unsynchronized-lazy-init,unsafe-double-checked-lock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=unsynchronized-lazy-init,unsafe-double-checked-lock,unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=unsynchronized-lazy-init,unsafe-double-checked-lock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// A once-flag decides who initialises.
#include <thread>

struct table {
  int size = 7;
};

static table *get_table() {
  static table *made = nullptr;
  // CHECK: static std::once_flag made_once;
  // CHECK: std::call_once(made_once, [&] {
  // CHECK: made = new table;
  // CHECK: });
  if (!made)
    made = new table;
  return made;
}

static table *global = nullptr;

static table *get_global() {
  // CHECK: std::call_once(global_once, [&] {
  // CHECK: auto *built = new table;
  // CHECK: });
  if (global == nullptr) {
    auto *built = new table;
    built->size = 8;
    global = built;
  }
  return global;
}

int main() {
  std::thread first([] { return get_table()->size + get_global()->size; });
  std::thread second([] { return get_table()->size + get_global()->size; });
  first.join();
  second.join();
}
