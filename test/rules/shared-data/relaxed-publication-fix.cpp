// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=relaxed-publication %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=relaxed-publication,unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=relaxed-publication %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// The missing orders are written on both sides.
#include <atomic>
#include <cstdio>
#include <thread>

int data = 0;
std::atomic<bool> ready = false;

void flag() {
  std::thread producer([] {
    data = 42;
    // CHECK: ready.store(true, std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  // CHECK: while (!ready.load(std::memory_order_acquire))
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::printf("%d\n", data);
  producer.join();
}

struct config {
  int limit;
};
std::atomic<config *> current = nullptr;

void pointer() {
  std::thread producer([] {
    // CHECK: current.store(new config{3}, std::memory_order::release);
    current.store(new config{3}, std::memory_order::relaxed);
  });
  while (true) {
    // CHECK: config *seen = current.load(std::memory_order::acquire);
    config *seen = current.load(std::memory_order::relaxed);
    if (seen) {
      std::printf("%d\n", seen->limit);
      break;
    }
  }
  producer.join();
}

int main() {
  flag();
  pointer();
}
