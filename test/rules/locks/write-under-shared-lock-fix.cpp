// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=write-under-shared-lock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %tsan_cxx -Wall -Werror %t.cpp -o %t.exe
// RUN: %t.exe
// RUN: %heddle check --checks=write-under-shared-lock %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=write-under-shared-lock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

#include <shared_mutex>
#include <thread>
// CHECK: #include <mutex>

std::shared_mutex table_lock;
int generation, lookups;

void bump() {
  // CHECK-LABEL: void bump() {
  // CHECK-NEXT: const std::unique_lock<std::shared_mutex> reading(table_lock);
  const std::shared_lock<std::shared_mutex> reading(table_lock);
  generation += 1;
}

void look() {
  // CHECK-LABEL: void look() {
  // CHECK-NEXT: std::unique_lock reading(table_lock);
  std::shared_lock reading(table_lock);
  ++lookups;
}

int main() {
  std::thread one(bump), two(bump), three(look), four(look);
  one.join();
  two.join();
  three.join();
  four.join();
}
