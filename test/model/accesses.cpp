// RUN: %exits 0 %heddle check --dump-model=accesses %s -- -std=c++20 | %FileCheck %s

// Reads and writes of memory that others can reach: what is written, how, and by which name; first
// in terms of the function's parameters, then in those of who started it as a thread.
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

struct account {
  std::mutex mutex;
  int balance = 0;
  std::atomic<int> seen{0};
  std::vector<int> entries;
};

account shared_account;

void work(account &a) {
  // CHECK: accesses.cpp:[[@LINE+2]]:3: work: update a.balance holding {}
  // CHECK-NEXT: accesses.cpp:[[@LINE+1]]:3: work: update shared_account.balance holding {}
  a.balance += 1;
  // CHECK-NEXT: accesses.cpp:[[@LINE+2]]:3: work: update a.seen atomic holding {}
  // CHECK-NEXT: accesses.cpp:[[@LINE+1]]:3: work: update shared_account.seen atomic holding {}
  ++a.seen;
  std::lock_guard<std::mutex> guard(a.mutex);
  // CHECK-NEXT: accesses.cpp:[[@LINE+2]]:3: work: write a.entries holding {a.mutex}
  // CHECK-NEXT: accesses.cpp:[[@LINE+1]]:3: work: write shared_account.entries holding {shared_account.mutex}
  a.entries.push_back(1);
  // CHECK-NEXT: accesses.cpp:[[@LINE+2]]:9: work: read a.entries holding {a.mutex}
  // CHECK-NEXT: accesses.cpp:[[@LINE+1]]:9: work: read shared_account.entries holding {shared_account.mutex}
  (void)a.entries.size();
  // Nobody else can reach a local.
  int local = 0;
  ++local;
  // CHECK-NOT: local
}

void start() {
  std::thread worker(work, std::ref(shared_account));
  worker.join();
}
