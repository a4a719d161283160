// RUN: %heddle_verify --checks=destroyed-while-used,reinitialized-primitive %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %t ok
// RUN: %clang -std=gnu17 -fsanitize=address -pthread %s -o %t.asan
// RUN: not %t.asan twice_bad 2>&1 | %FileCheck %s
// CHECK: {{heap-use-after-free|double-free}}

// Several objects that one function makes.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

struct entry {
  pthread_rwlock_t lock;
  int id;
};

static struct entry *make(int id) {
  struct entry *made = calloc(1, sizeof *made);
  if (!made)
    abort();
  made->id = id;
  pthread_rwlock_init(&made->lock, NULL);
  return made;
}

static void drop(struct entry *given) {
  pthread_rwlock_destroy(&given->lock);
  free(given);
}

void two_ok(void) {
  struct entry *one = make(1);
  struct entry *other = make(2);
  drop(one);
  drop(other);
}

void in_turn_ok(void) {
  struct entry *one = make(1);
  drop(one);
  struct entry *other = make(2);
  drop(other);
}

void rounds_ok(void) {
  struct entry *all[3];
  for (int i = 0; i < 3; i++)
    all[i] = make(i);
  for (int i = 0; i < 3; i++)
    drop(all[i]);
}

void each_round_ok(void) {
  for (int i = 0; i < 3; i++) {
    struct entry *one = make(i);
    drop(one);
  }
}

static void drop_bad(struct entry *given) {
  // expected-warning@+1 {{'lock' is used here, but its memory has been given back}}
  pthread_rwlock_destroy(&given->lock);
  free(given);
}

void twice_bad(void) {
  struct entry *one = make(1);
  drop_bad(one);
  drop_bad(one);
}

SCENARIO_MAIN(SCENARIO(two_ok), SCENARIO(in_turn_ok), SCENARIO(rounds_ok), SCENARIO(each_round_ok),
              SCENARIO(twice_bad))
