// RUN: %heddle_verify --checks=invalid-memory-order %s -- -std=c17 -Wno-atomic-memory-ordering
// clang-format off: expectations stand on their lines

// The same in C, with the macros of <stdatomic.h>.
#include <stdatomic.h>

atomic_int state;
atomic_flag flag = ATOMIC_FLAG_INIT;

int load_bad(void) {
  return atomic_load_explicit(&state, memory_order_release); // expected-warning {{a load cannot be ordered}}
}

void store_bad(void) {
  atomic_store_explicit(&state, 1, memory_order_acquire); // expected-warning {{a store cannot be ordered}}
}

void clear_bad(void) {
  atomic_flag_clear_explicit(&flag, memory_order_acquire); // expected-warning {{a store cannot be ordered}}
}

int failure_bad(int expected) {
  return atomic_compare_exchange_strong_explicit(
      &state, &expected, 1, memory_order_acq_rel,
      memory_order_release); // expected-warning {{that fails only loads}}
}

int load_ok(void) { return atomic_load_explicit(&state, memory_order_acquire); }

int load_default_ok(void) { return atomic_load(&state) + state; }

void store_ok(void) { atomic_store_explicit(&state, 1, memory_order_release); }

void store_default_ok(void) { state = 1; }

int update_ok(void) { return atomic_fetch_add_explicit(&state, 1, memory_order_acq_rel); }

int swap_ok(int expected) {
  return atomic_compare_exchange_weak_explicit(&state, &expected, 1, memory_order_release,
                                               memory_order_relaxed);
}
