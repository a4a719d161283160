// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: not %heddle check --fix-unsafe --checks=split-atomic-update %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s

// One step in place of two mends nothing where a test of the same object has decided for it.
#include <atomic>
#include <thread>

std::atomic<int> tickets{100}, sold{0};
bool take() {
  if (tickets.load() > 0) {
    // CHECK: tickets.store(tickets.load() - 1);
    tickets.store(tickets.load() - 1);
    // CHECK: sold.fetch_add(1);
    sold.store(sold.load() + 1);
    return true;
  }
  return false;
}

int main() {
  std::thread t(take);
  take();
  t.join();
}
