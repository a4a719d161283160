// RUN: %heddle_verify --checks=weak-cas-without-loop %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Loops that try again with what they saw at first.
#include <atomic>

int plain = 0;
std::atomic<int> number = 0;

void sync_never_reloads_bad() {
  int old = plain;
  while (!__sync_bool_compare_and_swap(&plain, old, old + 1)) // expected-warning {{every attempt expects the same 'old'}}
    ;
}

void sync_loaded_atomically_bad() {
  int old = __atomic_load_n(&plain, __ATOMIC_RELAXED);
  while (__sync_val_compare_and_swap(&plain, old, old + 1) != old) { // expected-warning {{every attempt expects the same 'old'}}
  }
}

void new_value_before_the_loop_bad() {
  int old = number.load();
  int next = old + 1;
  while (!number.compare_exchange_weak(old, next)) // expected-warning {{every attempt stores a 'next'}}
    ;
}

void strong_with_new_value_before_the_loop_bad() {
  int old = number.load();
  const int next = old * 2;
  while (!number.compare_exchange_strong(old, next)) { // expected-warning {{every attempt stores a 'next'}}
  }
}

struct node {
  int value;
  node *next;
};
std::atomic<node *> head = nullptr;

void push_bad(node *fresh) {
  node *first = head.load();
  node *added = fresh;
  added->next = first;
  while (!head.compare_exchange_weak(first, added)) // expected-warning {{every attempt stores a 'added'}}
    ;
}

void sync_reloads_ok() {
  int old;
  do {
    old = plain;
  } while (!__sync_bool_compare_and_swap(&plain, old, old + 1));
}

void sync_reloads_in_the_body_ok() {
  int old = plain;
  while (!__sync_bool_compare_and_swap(&plain, old, old + 1))
    old = plain;
}

void sync_takes_what_it_found_ok() {
  int old = plain;
  int seen;
  while ((seen = __sync_val_compare_and_swap(&plain, old, old + 1)) != old)
    old = seen;
}

void spinlock_ok() {
  while (!__sync_bool_compare_and_swap(&plain, 0, 1))
    ;
}

void spinlock_with_variables_ok() {
  int unlocked = 0;
  int locked = 1;
  while (!__sync_bool_compare_and_swap(&plain, unlocked, locked))
    ;
}

void spinlock_resets_expected_ok() {
  int unlocked = 0;
  while (!number.compare_exchange_weak(unlocked, 1))
    unlocked = 0;
}

void new_value_in_every_round_ok() {
  int old = number.load();
  int next;
  do {
    next = old + 1;
  } while (!number.compare_exchange_weak(old, next));
}

void new_value_in_the_body_ok() {
  int old = number.load();
  int next = old + 1;
  while (!number.compare_exchange_weak(old, next))
    next = old + 1;
}

void new_value_in_the_call_ok() {
  int old = number.load();
  while (!number.compare_exchange_weak(old, old + 1))
    ;
}

void new_value_from_elsewhere_ok(int next) {
  int old = number.load();
  while (!number.compare_exchange_weak(old, next))
    ;
}

void push_through_the_link_ok(node *fresh) {
  node *added = fresh;
  added->next = head.load();
  while (!head.compare_exchange_weak(added->next, added))
    ;
}

void push_with_link_in_the_loop_ok(node *fresh) {
  node *first = head.load();
  node *added = fresh;
  do {
    added->next = first;
  } while (!head.compare_exchange_weak(first, added));
}

void copied_expectation_bad(node *fresh) {
  node *first = head.load();
  fresh->next = first;
  for (;;) {
    node *expected = first;
    if (head.compare_exchange_weak(expected, fresh)) // expected-warning {{every attempt expects the same 'first': once another thread has changed 'head', this loop never ends}}
      return;
  }
}

void copied_expectation_renewed_ok(node *fresh) {
  node *first = head.load();
  for (;;) {
    fresh->next = first;
    node *expected = first;
    if (head.compare_exchange_weak(expected, fresh))
      return;
    first = expected;
  }
}

bool copied_expectation_given_up_ok(node *fresh) {
  node *first = head.load();
  fresh->next = first;
  for (int tries = 0; tries < 3; ++tries) {
    node *expected = first;
    if (head.compare_exchange_weak(expected, fresh))
      return true;
  }
  return false;
}
