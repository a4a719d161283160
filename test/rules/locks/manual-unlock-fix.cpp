// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %clangxx -std=c++20 -pthread -Wall -Werror %t.cpp -o %t.before
// RUN: %hangs %t.before
// RUN: %heddle check --fix --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -pthread -Wall -Werror %t.cpp -o %t && timeout 60 %t
// RUN: %heddle check --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// A guard takes the place of the lock; the unlock goes, or ends a block of its own. Before,
// the exception leaves the lock behind.
#include <mutex>
#include <string>
#include <thread>

std::mutex m;
int counter;

void last() {
  // CHECK-LABEL: void last()
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  m.lock();
  ++counter;
  m.unlock();
}

void not_last() {
  // CHECK-LABEL: void not_last() {
  // CHECK-NEXT: {
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  // CHECK-NEXT: std::this_thread::yield();
  m.lock();
  ++counter;
  m.unlock();
  std::this_thread::yield();
}

bool early(bool wanted) {
  // CHECK-LABEL: bool early(bool wanted) {
  // CHECK-NEXT: {
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: if (!wanted) {
  // CHECK-NEXT: return false;
  // CHECK-NEXT: }
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  // CHECK-NEXT: return true;
  m.lock();
  if (!wanted) {
    m.unlock();
    return false;
  }
  ++counter;
  m.unlock();
  return true;
}

void parse(const std::string &text) {
  // CHECK-LABEL: void parse(
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: counter += std::stoi(text);
  // CHECK-NEXT: }
  m.lock();
  counter += std::stoi(text);
  m.unlock();
}

struct account {
  std::recursive_mutex mutex;
  int balance = 0;
  void deposit(int amount) {
    // CHECK-LABEL: void deposit(int amount)
    // CHECK-NEXT: const std::lock_guard<std::recursive_mutex> guard(mutex);
    // CHECK-NEXT: balance += amount;
    mutex.lock();
    balance += amount;
    mutex.unlock();
  }
};

int main() {
  try {
    parse("x");
  } catch (const std::invalid_argument &) {
  }
  account a;
  a.deposit(2);
  std::thread other(last);
  not_last();
  other.join();
  return early(true) && counter == 3 && a.balance == 2 ? 0 : 1;
}
