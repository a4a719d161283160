// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=split-atomic-update %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=split-atomic-update %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=split-atomic-update %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// Two steps become one, in the words of the two.
#include <atomic>
#include <thread>

std::atomic<int> hits = 0;
std::atomic<unsigned> mask = 0;
std::atomic<bool> started = false;
void start_engine();

struct counter {
  std::atomic<long> value = 0;
};

void work(counter *c) {
  // CHECK: hits += 1;
  hits = hits + 1;
  // CHECK: hits.fetch_sub(2);
  hits.store(hits.load() - 2);
  // CHECK: mask.fetch_or(4u, std::memory_order_release);
  mask.store(4u | mask.load(std::memory_order_relaxed), std::memory_order_release);
  // CHECK: c->value.fetch_add(3);
  c->value.store(c->value + 3);
  // CHECK: if (!started.exchange(true)) {
  // CHECK-NEXT: start_engine();
  if (!started.load()) {
    started.store(true);
    start_engine();
  }
}

void run(counter *c) {
  std::thread worker(work, c);
  work(c);
  worker.join();
}
