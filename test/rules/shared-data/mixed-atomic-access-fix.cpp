// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --quiet --fix --checks=mixed-atomic-access %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --fix --checks=mixed-atomic-access %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --checks='*' %t.cpp -- -std=c++20
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// Plain accesses become operations of the kind that the other threads use.
#include <atomic>
#include <cstdio>
#include <thread>

int hits = 0;

void store() {
  std::thread worker([] { __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED); });
  // CHECK-LABEL: void store()
  // CHECK: __atomic_store_n(&hits, 2 + 3, __ATOMIC_SEQ_CST);
  hits = 2 + 3;
  worker.join();
}

int served = 0;

void load() {
  std::thread worker([] { __sync_fetch_and_add(&served, 1); });
  // CHECK-LABEL: void load()
  // CHECK: if (__atomic_load_n(&served, __ATOMIC_SEQ_CST) > 3)
  if (served > 3)
    std::puts("many");
  worker.join();
}

int tickets = 0;

void updates() {
  std::thread worker([] { __sync_add_and_fetch(&tickets, 1); });
  // CHECK-LABEL: void updates()
  // CHECK: __atomic_add_fetch(&tickets, 1, __ATOMIC_SEQ_CST);
  ++tickets;
  // CHECK: const int mine = __atomic_fetch_sub(&tickets, 1, __ATOMIC_SEQ_CST);
  const int mine = tickets--;
  // CHECK: __atomic_or_fetch(&tickets, mine, __ATOMIC_SEQ_CST);
  tickets |= mine;
  worker.join();
}

struct meter {
  long ticks = 0;
  void tick() { __atomic_fetch_add(&ticks, 1, __ATOMIC_SEQ_CST); }
  // CHECK: void reset() { __atomic_store_n(&ticks, 0, __ATOMIC_SEQ_CST); }
  void reset() { ticks = 0; }
  // CHECK: long get() const { return __atomic_load_n(&this->ticks, __ATOMIC_SEQ_CST); }
  long get() const { return this->ticks; }
};

void member() {
  meter m;
  std::thread worker([&m] { m.tick(); });
  m.reset();
  std::printf("%ld\n", m.get());
  worker.join();
}

long jobs = 0;

void reference() {
  std::thread worker([] { ++std::atomic_ref<long>(jobs); });
  // CHECK-LABEL: void reference()
  // CHECK: std::atomic_ref{jobs} += 2;
  jobs += 2;
  // CHECK: if (std::atomic_ref{jobs}.load() == 7)
  if (jobs == 7)
    std::puts("seven");
  // CHECK: std::atomic_ref{jobs} = 9;
  jobs = 9;
  worker.join();
}

template <typename T> void bump(T &number) { __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED); }

short small = 0;

void by_a_callee() {
  std::thread worker([] { bump(small); });
  // CHECK-LABEL: void by_a_callee()
  // CHECK: __atomic_store_n(&small, 1, __ATOMIC_SEQ_CST);
  small = 1;
  worker.join();
}

int main() {
  store();
  load();
  updates();
  member();
  reference();
  by_a_callee();
}
