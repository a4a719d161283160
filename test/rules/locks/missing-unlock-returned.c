// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=gnu17
// RUN: %tsan_cc %s -o %t
// RUN: %t ok
// RUN: %clang -std=gnu17 -pthread %s -o %t.plain
// RUN: %hangs %t.plain kept_bad

// Locks that a structure leads to which is returned and handed on by value.
#include "../scenarios.h"

#include <pthread.h>

typedef struct {
  pthread_mutex_t lock;
  int value, is_open;
} state;

typedef struct {
  int next;
  state *of;
} change;

static change begin(state *of) {
  pthread_mutex_lock(&of->lock);
  return (change){.next = of->value, .of = of};
}

static change begin_named(state *of) {
  change made;
  pthread_mutex_lock(&of->lock);
  made.next = of->value;
  made.of = of;
  return made;
}

static void commit(change made) {
  made.of->value = made.next;
  pthread_mutex_unlock(&made.of->lock);
}

static void drop(change made) { pthread_mutex_unlock(&made.of->lock); }

int change_first_ok(state *of, int changes) {
  if (changes) {
    change made = begin(of);
    made.next++;
    if (of->is_open)
      commit(made);
    else
      drop(made);
  }
  pthread_mutex_lock(&of->lock);
  int value = of->value;
  pthread_mutex_unlock(&of->lock);
  return value;
}

int change_named_ok(state *of, int changes) {
  if (changes) {
    change made = begin_named(of);
    made.next++;
    commit(made);
  }
  pthread_mutex_lock(&of->lock);
  int value = of->value;
  pthread_mutex_unlock(&of->lock);
  return value;
}

int keep(state *of, int fails) {
  change made = {0, of};
  pthread_mutex_lock(&of->lock);
  if (fails)
    return -1; // expected-warning {{'of->lock' stays locked when 'keep' ends here}}
  drop(made);
  return 0;
}

void kept_bad(void) {
  static state of = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  keep(&of, 1);
  keep(&of, 0);
}

void all_ok(void) {
  static state of = {PTHREAD_MUTEX_INITIALIZER, 0, 0};
  change_first_ok(&of, 1);
  change_first_ok(&of, 0);
  of.is_open = 1;
  change_first_ok(&of, 1);
  change_named_ok(&of, 1);
}

SCENARIO_MAIN(SCENARIO(all_ok), SCENARIO(kept_bad))
