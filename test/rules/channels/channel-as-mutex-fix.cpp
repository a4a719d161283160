// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=channel-as-mutex %t.cpp -- -std=c++20 -I%runtime_include
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -I%runtime_include -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=channel-as-mutex %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=channel-as-mutex %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cmp %t.cpp %t.once.cpp

// The channel becomes a heddle::mutex, the semaphore a std::mutex, the pair a guard.
#include "heddle/heddle.h"

#include <semaphore>
#include <thread>

// CHECK: #include <mutex>

int balance = 0;
// CHECK: heddle::mutex token;
const auto token = heddle::make_channel<heddle::unit>(1);

void deposit(int amount) {
  // CHECK-LABEL: void deposit(int amount)
  // CHECK-NEXT: const heddle::lock_guard {{[a-z_]+\(token\);}}
  // CHECK-NEXT: balance += amount;
  // CHECK-NEXT: }
  token.send({});
  balance += amount;
  (void)token.receive();
}

void two_tasks() {
  heddle::task other = heddle::go(deposit, 1);
  deposit(2);
  other.join();
}

class counter {
public:
  int next() {
    // CHECK-LABEL: int next()
    // CHECK-NEXT: const std::lock_guard{{(<std::mutex>)?}} {{[a-z_]+\(slot_\);}}
    // CHECK-NEXT: const int result = ++count_;
    // CHECK-NEXT: return result;
    slot_.acquire();
    const int result = ++count_;
    slot_.release();
    return result;
  }

private:
  // CHECK: std::mutex slot_;
  std::binary_semaphore slot_{1};
  int count_ = 0;
};

void two_threads() {
  counter c;
  std::thread other([&c] { c.next(); });
  c.next();
  other.join();
}
