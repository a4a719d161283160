// RUN: %heddle_verify --checks=double-lock,unlock-not-held,missing-unlock %s -- -std=gnu11
// RUN: %clang -std=gnu11 -pthread %s -o %t
// RUN: %each_hangs %t bit_set_bad bit_clear_bad two_bits_bad kept_bits_bad given_on_bad
// RUN: timeout 60 %t ok

// What the callee does depends on a number that it computes from its parameter: a bit is looked at
// as what it is in the caller's constant; of other computations nothing is concluded.
#include "../scenarios.h"

#include <pthread.h>

enum { LOCKED = 4, VERBOSE = 2, QUIET = 1 };

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;
static int n;

static void add(int by, unsigned flags) {
  if (flags & LOCKED)
    pthread_mutex_lock(&m);
  n += by;
  if (flags & LOCKED)
    pthread_mutex_unlock(&m);
}

static void add_unless(int by, int flags) {
  if (!(flags & QUIET))
    pthread_mutex_lock(&m);
  n += by;
  if (!(flags & QUIET))
    pthread_mutex_unlock(&m);
}

static void add_if_both(int by, int flags) {
  if ((flags & 6) == 6) {
    pthread_mutex_lock(&m);
    n += by;
    pthread_mutex_unlock(&m);
  }
}

static void turn(int mode) {
  if (mode & 1)
    pthread_mutex_lock(&m);
  else
    pthread_mutex_unlock(&m);
}

static void add_odd(int number) {
  if (number % 2) {
    pthread_mutex_lock(&m);
    n += number;
    pthread_mutex_unlock(&m);
  }
}

static void add_large(int number) {
  if (number >> 1) {
    pthread_mutex_lock(&m);
    n += number;
    pthread_mutex_unlock(&m);
  }
}

static void turn_odd(int number) {
  if (number % 2)
    pthread_mutex_lock(&m);
  else
    pthread_mutex_unlock(&m);
}

static void pass_on(int by, unsigned flags) { add(by, flags); }

void other_bits_ok(void) {
  add(1, LOCKED);
  add_unless(1, VERBOSE);
  add_if_both(1, LOCKED | VERBOSE);
  pass_on(1, LOCKED | VERBOSE);
  pthread_mutex_lock(&m);
  add(2, VERBOSE);
  add(3, VERBOSE | QUIET);
  add_unless(2, QUIET | VERBOSE);
  add_if_both(1, VERBOSE);
  add_if_both(1, LOCKED | QUIET);
  pass_on(1, VERBOSE);
  pthread_mutex_unlock(&m);
}

void kept_bits_ok(void) {
  unsigned flags = LOCKED | VERBOSE;
  add(1, flags);
  pthread_mutex_lock(&m);
  flags = VERBOSE;
  add(1, flags);
  pthread_mutex_unlock(&m);
}

void turned_ok(void) {
  turn(3);
  ++n;
  turn(2);
  turn(1);
  turn(0);
}

void computed_otherwise_ok(void) {
  add_odd(3);
  add_large(3);
  pthread_mutex_lock(&m);
  add_odd(2);
  add_odd(4);
  add_large(1);
  pthread_mutex_unlock(&m);
  turn_odd(3);
  ++n;
  turn_odd(2);
}

// The same text as in `add`, about another number.
static void give_on(int by, unsigned flags) {
  if (flags & LOCKED) {
    pthread_mutex_lock(&m);
    add(by, VERBOSE);
    pthread_mutex_unlock(&m);
  }
}

void given_another_ok(void) { give_on(1, LOCKED); }

void bit_set_bad(void) {
  pthread_mutex_lock(&m);
  // expected-warning@+1 {{the call of 'add' locks 'm' while this thread holds it}}
  add(2, LOCKED | VERBOSE);
  pthread_mutex_unlock(&m);
}

void bit_clear_bad(void) {
  pthread_mutex_lock(&m);
  add_unless(2, VERBOSE); // expected-warning {{the call of 'add_unless' locks 'm'}}
  pthread_mutex_unlock(&m);
}

void two_bits_bad(void) {
  pthread_mutex_lock(&m);
  add_if_both(2, 7); // expected-warning {{the call of 'add_if_both' locks 'm'}}
  pthread_mutex_unlock(&m);
}

void kept_bits_bad(void) {
  unsigned flags = LOCKED | VERBOSE;
  pthread_mutex_lock(&m);
  add(1, flags); // expected-warning {{the call of 'add' locks 'm'}}
  pthread_mutex_unlock(&m);
}

void given_on_bad(void) {
  pthread_mutex_lock(&m);
  pass_on(1, LOCKED); // expected-warning {{the call of 'pass_on' locks 'm'}}
  pthread_mutex_unlock(&m);
}

SCENARIO_MAIN(SCENARIO(other_bits_ok), SCENARIO(kept_bits_ok), SCENARIO(turned_ok),
              SCENARIO(computed_otherwise_ok), SCENARIO(given_another_ok), SCENARIO(bit_set_bad),
              SCENARIO(bit_clear_bad), SCENARIO(two_bits_bad), SCENARIO(kept_bits_bad),
              SCENARIO(given_on_bad))
