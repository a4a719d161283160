// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=volatile-as-synchronization %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=volatile-as-synchronization,unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=volatile-as-synchronization %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The flag becomes atomic and is no longer volatile; what it hands over is ordered with it.
#include <cstdio>
#include <thread>

// CHECK: #include <atomic>

int data = 0;
// CHECK: static std::atomic<bool> ready = false;
static volatile bool ready = false;

void hand_over() {
  std::thread producer([] {
    data = 42;
    ready = true;
  });
  while (!ready)
    std::this_thread::yield();
  std::printf("%d\n", data);
  producer.join();
}

int main() { hand_over(); }
