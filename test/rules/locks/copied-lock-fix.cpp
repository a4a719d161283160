// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=copied-lock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: %heddle check --checks=copied-lock %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=copied-lock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The object itself is passed.
#include <pthread.h>
#include <thread>

struct counter {
  pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  long *value;
};

// CHECK: static void add(counter &to, long amount) {
static void add(counter to, long amount) {
  pthread_mutex_lock(&to.lock);
  *to.value += amount;
  pthread_mutex_unlock(&to.lock);
}

int main() {
  long value = 0;
  counter shared;
  shared.value = &value;
  auto work = [&shared] {
    for (int i = 0; i < 1000; ++i)
      add(shared, 1);
  };
  std::thread other(work);
  work();
  other.join();
  return value == 2000 ? 0 : 1;
}
