// RUN: %exits 0 %heddle check --dump-model=accesses %s -- -std=c++20 | %FileCheck %s

// Which locks are held at an access: guards that own their mutex, and guards that do not.
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

std::mutex m;
std::shared_mutex s;
int x;

// CHECK: locks.cpp:[[@LINE+1]]:15: bare: write x holding {}
void bare() { x = 1; }

void guarded() {
  std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: guarded: write x holding {m}
  x = 1;
}

void scope_over() {
  {
    std::scoped_lock guard(m);
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: scope_over: write x holding {m}
    x = 1;
  }
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: scope_over: write x holding {}
  x = 2;
}

void deferred() {
  std::unique_lock<std::mutex> guard(m, std::defer_lock);
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: deferred: write x holding {}
  x = 1;
  guard.lock();
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: deferred: write x holding {m}
  x = 2;
  guard.unlock();
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: deferred: write x holding {}
  x = 3;
}

void moved() {
  std::unique_lock<std::mutex> first(m);
  {
    std::unique_lock<std::mutex> second(std::move(first));
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: moved: write x holding {m}
    x = 1;
  }
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: moved: write x holding {}
  x = 2;
}

void adopted() {
  m.lock();
  std::lock_guard<std::mutex> guard(m, std::adopt_lock);
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: adopted: write x holding {m}
  x = 1;
}

void tried() {
  std::unique_lock<std::mutex> guard(m, std::try_to_lock);
  if (guard.owns_lock())
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: tried: write x holding {m}
    x = 1;
  else
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: tried: write x holding {}
    x = 2;
}

void tried_by_hand() {
  if (m.try_lock()) {
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: tried_by_hand: write x holding {m}
    x = 1;
    m.unlock();
  }
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: tried_by_hand: write x holding {}
  x = 2;
}

std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(m); }

void from_a_function() {
  const auto guard = hold();
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: from_a_function: write x holding {m}
  x = 1;
}

class own_guard {
public:
  explicit own_guard(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~own_guard() { mutex_.unlock(); }

private:
  std::mutex &mutex_;
};

void by_own_guard() {
  {
    own_guard guard(m);
    // CHECK-NEXT: locks.cpp:[[@LINE+1]]:5: by_own_guard: write x holding {m}
    x = 1;
  }
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: by_own_guard: write x holding {}
  x = 2;
}

int shared() {
  std::shared_lock<std::shared_mutex> guard(s);
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:10: shared: read x holding {s (shared)}
  return x;
}

void lock_m() { m.lock(); }

void by_wrapper() {
  lock_m();
  // CHECK-NEXT: locks.cpp:[[@LINE+1]]:3: by_wrapper: write x holding {m}
  x = 1;
  m.unlock();
}

void start() {
  std::thread(bare).detach();
  std::thread(guarded).detach();
  std::thread(scope_over).detach();
  std::thread(deferred).detach();
  std::thread(moved).detach();
  std::thread(adopted).detach();
  std::thread(tried).detach();
  std::thread(tried_by_hand).detach();
  std::thread(from_a_function).detach();
  std::thread(by_own_guard).detach();
  std::thread(shared).detach();
  std::thread(by_wrapper).detach();
}
