// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %tsan_cxx -Wall -Werror %t.cpp -o %t.before
// RUN: %deadlock_found %t.before
// RUN: %heddle check --fix --checks=lock-order-inversion %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %tsan_cxx -Wall -Werror %t.cpp -o %t.exe
// RUN: env TSAN_OPTIONS=detect_deadlocks=1 %t.exe
// RUN: %heddle check --checks=lock-order-inversion %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=lock-order-inversion %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// One side takes both at once; that is enough. Where a guard does more than hold its lock, the
// other side has to do.
#include <mutex>
#include <thread>

std::mutex accounts, journal;
int balance, entries;

void book() {
  std::lock_guard<std::mutex> hold_accounts(accounts);
  std::lock_guard<std::mutex> hold_journal(journal);
  ++balance;
  ++entries;
}

void audit() {
  // CHECK-LABEL: void audit() {
  // CHECK-NEXT: const std::scoped_lock hold_journal(journal, accounts);
  // CHECK-NEXT: entries = balance;
  std::lock_guard<std::mutex> hold_journal(journal);
  std::lock_guard<std::mutex> hold_accounts(accounts);
  entries = balance;
}

class Cache {
public:
  void put(int value) {
    // CHECK-LABEL: void put(int value) {
    // CHECK-NEXT: const std::scoped_lock outer(data_lock, stats_lock);
    // CHECK-NEXT: data = value;
    const std::lock_guard<std::mutex> outer(data_lock);
    const std::lock_guard<std::mutex> inner(stats_lock);
    data = value;
    ++stats;
  }
  int evict() {
    // CHECK-LABEL: int evict() {
    // CHECK-NEXT: std::unique_lock<std::mutex> outer(stats_lock);
    // CHECK-NEXT: const int before = stats;
    std::unique_lock<std::mutex> outer(stats_lock);
    const int before = stats;
    std::lock_guard<std::mutex> inner(data_lock);
    --stats;
    return data + before;
  }

private:
  std::mutex data_lock, stats_lock;
  int data = 0, stats = 0;
};

Cache cache;

int main() {
  std::thread booking(book), auditing(audit);
  std::thread putting([] { cache.put(1); }), evicting([] { cache.evict(); });
  booking.join();
  auditing.join();
  putting.join();
  evicting.join();
}
