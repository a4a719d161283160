// RUN: %heddle_verify --checks=weak-cas-without-loop %s -- -std=c17
// clang-format off: expectations stand on their lines

// The same in C.
#include <stdatomic.h>
#include <stdio.h>

atomic_int owner;

void weak_bad(int me) {
  int nobody = 0;
  if (atomic_compare_exchange_weak(&owner, &nobody, me)) // expected-warning {{nothing tries again}}
    puts("mine");
}

void dropped_bad(int me) {
  int nobody = 0;
  atomic_compare_exchange_weak_explicit(&owner, &nobody, me, memory_order_acquire, // expected-warning {{nobody looks at the result}}
                                        memory_order_relaxed);
}

void strong_ok(int me) {
  int nobody = 0;
  if (atomic_compare_exchange_strong(&owner, &nobody, me))
    puts("mine");
}

void loop_ok(void) {
  int seen = atomic_load(&owner);
  while (!atomic_compare_exchange_weak(&owner, &seen, seen + 1))
    ;
}

_Bool told_ok(int me) {
  int nobody = 0;
  return atomic_compare_exchange_weak(&owner, &nobody, me);
}
