// RUN: %heddle_verify --checks=relaxed-publication,unguarded-shared-write %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Fences make relaxed operations order what stands around them. (ThreadSanitizer knows no fences.)
#include <atomic>
#include <cstdio>
#include <thread>

int data = 0;
std::atomic<bool> ready = false;

void fences_ok() {
  std::thread producer([] {
    data = 42;
    std::atomic_thread_fence(std::memory_order_release);
    ready.store(true, std::memory_order_relaxed);
  });
  while (!ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  std::atomic_thread_fence(std::memory_order_acquire);
  std::printf("%d\n", data);
  producer.join();
}

int wrapped = 0;
std::atomic<bool> wrapped_ready = false;

inline void full_barrier() { __sync_synchronize(); }

void fence_in_a_callee_ok() {
  std::thread producer([] {
    wrapped = 42;
    full_barrier();
    wrapped_ready.store(true, std::memory_order_relaxed);
  });
  while (!wrapped_ready.load(std::memory_order_relaxed))
    std::this_thread::yield();
  full_barrier();
  std::printf("%d\n", wrapped);
  producer.join();
}

int half = 0;
std::atomic<bool> half_ready = false;

void fence_on_one_side_bad() {
  std::thread producer([] {
    half = 42;
    std::atomic_thread_fence(std::memory_order_release);
    half_ready.store(true, std::memory_order_relaxed);
  });
  while (!half_ready.load(std::memory_order_relaxed)) // expected-warning {{'half_ready' is read with relaxed order}}
    std::this_thread::yield();
  std::printf("%d\n", half);
  producer.join();
}
