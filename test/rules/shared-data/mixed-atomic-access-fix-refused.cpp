// RUN: cp %s %t.cpp
// RUN: %exits 1 %heddle check --quiet --fix-unsafe --checks=mixed-atomic-access %t.cpp -- -std=c++20
// RUN: cmp %s %t.cpp

// Plain accesses that no single atomic operation stands for.
#include <cstdio>
#include <thread>

int scaled = 0;

void no_such_operation() {
  std::thread worker([] { __atomic_fetch_add(&scaled, 1, __ATOMIC_RELAXED); });
  scaled *= 2;
  worker.join();
}

int counted = 0;

void read_and_written() {
  std::thread worker([] { __atomic_fetch_add(&counted, 1, __ATOMIC_RELAXED); });
  counted = counted + 1;
  worker.join();
}

int first = 0;
int second = 0;

void result_used() {
  std::thread worker([] { __atomic_fetch_add(&first, 1, __ATOMIC_RELAXED); });
  second = first = 3;
  worker.join();
}

#define RESET(number) (number) = 0

int hidden = 0;

void in_a_macro() {
  std::thread worker([] { __atomic_fetch_add(&hidden, 1, __ATOMIC_RELAXED); });
  RESET(hidden);
  worker.join();
}

int main() {
  no_such_operation();
  read_and_written();
  result_used();
  in_a_macro();
  std::printf("%d\n", second);
}
