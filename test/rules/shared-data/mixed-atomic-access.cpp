// RUN: %heddle_verify --checks=mixed-atomic-access %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t plain_read_bad
// RUN: %race_found %t plain_write_bad
// RUN: %race_found %t plain_increment_bad
// RUN: %race_found %t reference_beside_plain_bad
// RUN: %race_found %t member_bad
// RUN: %race_found %t through_a_callee_bad
// RUN: %race_found %t captured_local_bad
// RUN: %race_found %t template_bad
// RUN: %t ok
// clang-format off: expectations stand on their lines

// The same object with atomic builtins or std::atomic_ref here, and plainly there.
#include "../scenarios.h"

#include <atomic>
#include <mutex>
#include <thread>

// [example: bad]
int hits = 0;

void plain_write_bad() {
  std::thread worker([] { __atomic_fetch_add(&hits, 1, __ATOMIC_RELAXED); });
  hits = 0; // expected-warning {{'hits' is written here without an atomic operation}}
  worker.join();
}
// [end]

// [example: good]
int visits = 0;

void always_atomic_ok() {
  std::thread worker([] { __atomic_fetch_add(&visits, 1, __ATOMIC_RELAXED); });
  __atomic_store_n(&visits, 0, __ATOMIC_RELAXED);
  worker.join();
}
// [end]

int served = 0;

void plain_read_bad() {
  std::thread worker([] { __sync_fetch_and_add(&served, 1); });
  if (served > 3) // expected-warning {{'served' is read here without an atomic operation}}
    std::puts("many");
  worker.join();
}

int tickets = 0;

void plain_increment_bad() {
  std::thread worker([] {
    ++tickets; // expected-warning {{'tickets' is written here without an atomic operation}}
  });
  __sync_add_and_fetch(&tickets, 1);
  worker.join();
}

long jobs = 0;

void reference_beside_plain_bad() {
  std::thread worker([] { ++std::atomic_ref<long>(jobs); });
  jobs += 2; // expected-warning {{'jobs' is written here without an atomic operation}}
  worker.join();
}

struct meter {
  int ticks = 0;
  void tick() { __atomic_fetch_add(&ticks, 1, __ATOMIC_SEQ_CST); }
  void reset() {
    ticks = 0; // expected-warning {{'ticks' is written here without an atomic operation}}
  }
};

void member_bad() {
  meter m;
  std::thread worker([&m] { m.tick(); });
  m.reset();
  worker.join();
}

int level = 0;

void raise_level(int *where) { __atomic_add_fetch(where, 1, __ATOMIC_RELAXED); }

void through_a_callee_bad() {
  std::thread worker([] { raise_level(&level); });
  level = 7; // expected-warning {{'level' is written here without an atomic operation}}
  worker.join();
}

void captured_local_bad() {
  int count = 0;
  std::thread worker([&count] { __atomic_store_n(&count, 1, __ATOMIC_RELEASE); });
  std::printf("%d\n", count); // expected-warning {{'count' is read here without an atomic operation}}
  worker.join();
}

template <typename T> void bump(T &number) { __atomic_fetch_add(&number, 1, __ATOMIC_RELAXED); }

short small = 0;

void template_bad() {
  std::thread worker([] { bump(small); });
  small = 1; // expected-warning {{'small' is written here without an atomic operation}}
  worker.join();
}

int prepared = 0;

void before_and_after_ok() {
  prepared = 5;
  std::thread worker([] { __atomic_fetch_add(&prepared, 1, __ATOMIC_RELAXED); });
  worker.join();
  prepared = 6;
}

int read_after_join = 0;

void read_after_the_join_ok() {
  std::thread first([] { __sync_fetch_and_add(&read_after_join, 1); });
  std::thread second([] { __sync_fetch_and_add(&read_after_join, 1); });
  first.join();
  second.join();
  std::printf("%d\n", read_after_join);
}

std::atomic<int> declared = 0;

void declared_atomic_ok() {
  std::thread worker([] { declared.fetch_add(1); });
  declared = 3;
  std::printf("%d\n", declared.load());
  worker.join();
}

int referenced = 0;

void references_everywhere_ok() {
  std::thread worker([] { ++std::atomic_ref<int>(referenced); });
  std::printf("%d\n", std::atomic_ref<int>(referenced).load());
  worker.join();
}

int locked = 0;
std::mutex lock;

void lock_over_both_ok() {
  std::thread worker([] {
    const std::lock_guard<std::mutex> held(lock);
    __sync_fetch_and_add(&locked, 1);
  });
  {
    const std::lock_guard<std::mutex> held(lock);
    locked = 0;
  }
  worker.join();
}

struct holder {
  explicit holder(int first) : references(first) {}
  int references;
  void take() { __atomic_fetch_add(&references, 1, __ATOMIC_RELAXED); }
};

void constructor_ok() {
  holder h(1);
  std::thread worker([&h] { h.take(); });
  h.take();
  worker.join();
}

int only_reads = 3;

void reads_on_both_sides_ok() {
  std::thread worker([] { std::printf("%d\n", __atomic_load_n(&only_reads, __ATOMIC_RELAXED)); });
  std::printf("%d\n", only_reads);
  worker.join();
}

int apart[2] = {};

void different_elements_ok() {
  std::thread worker([] { __atomic_fetch_add(&apart[0], 1, __ATOMIC_RELAXED); });
  apart[1] = 1;
  worker.join();
}

struct pair {
  int left = 0, right = 0;
};
pair both;

void different_members_ok() {
  std::thread worker([] { __atomic_fetch_add(&both.left, 1, __ATOMIC_RELAXED); });
  both.right = 1;
  worker.join();
}

int handed = 0;
std::atomic<bool> is_handed = false;

void ordered_by_a_flag_ok() {
  std::thread worker([] {
    __atomic_store_n(&handed, 1, __ATOMIC_RELAXED);
    is_handed.store(true, std::memory_order_release);
  });
  while (!is_handed.load(std::memory_order_acquire))
    std::this_thread::yield();
  handed = 2;
  worker.join();
}

void own_copy_ok() {
  int mine = 0;
  std::thread worker([mine]() mutable { __atomic_fetch_add(&mine, 1, __ATOMIC_RELAXED); });
  mine = 1;
  std::printf("%d\n", mine);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(plain_write_bad), SCENARIO(always_atomic_ok), SCENARIO(plain_read_bad),
              SCENARIO(plain_increment_bad), SCENARIO(reference_beside_plain_bad),
              SCENARIO(member_bad), SCENARIO(through_a_callee_bad), SCENARIO(captured_local_bad),
              SCENARIO(template_bad), SCENARIO(before_and_after_ok),
              SCENARIO(read_after_the_join_ok), SCENARIO(declared_atomic_ok),
              SCENARIO(references_everywhere_ok), SCENARIO(lock_over_both_ok),
              SCENARIO(constructor_ok), SCENARIO(reads_on_both_sides_ok),
              SCENARIO(different_elements_ok), SCENARIO(different_members_ok),
              SCENARIO(ordered_by_a_flag_ok), SCENARIO(own_copy_ok))
