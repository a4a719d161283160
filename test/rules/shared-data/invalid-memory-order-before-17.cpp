// RUN: %heddle_verify --checks=invalid-memory-order %s -- -std=c++14
// clang-format off: expectations stand on their lines

// Before C++17 a failure may not be ordered more strongly than the success.
#include <atomic>

std::atomic<int> state;

bool stronger_than_relaxed_bad(int expected) {
  return state.compare_exchange_strong(
      expected, 1, std::memory_order_relaxed,
      std::memory_order_acquire); // expected-warning {{must not be stronger than that of a success}}
}

bool stronger_than_release_bad(int expected) {
  return state.compare_exchange_weak(
      expected, 1, std::memory_order_release,
      std::memory_order_seq_cst); // expected-warning {{must not be stronger than that of a success}}
}

bool same_ok(int expected) {
  return state.compare_exchange_strong(expected, 1, std::memory_order_acquire,
                                       std::memory_order_acquire);
}

bool weaker_ok(int expected) {
  return state.compare_exchange_strong(expected, 1, std::memory_order_acq_rel,
                                       std::memory_order_acquire);
}

bool relaxed_failure_ok(int expected) {
  return state.compare_exchange_strong(expected, 1, std::memory_order_release,
                                       std::memory_order_relaxed);
}
