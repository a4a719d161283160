// RUN: %heddle_verify --checks=recursive-once %s -- -std=gnu17
// RUN: %clang -std=gnu17 -pthread %s -o %t
// RUN: %hangs %t itself_bad
// RUN: %hangs %t callee_bad
// RUN: %t ok

// The same in C.
#include "../scenarios.h"

#include <pthread.h>

static pthread_once_t itself = PTHREAD_ONCE_INIT;

static void init_itself(void) {
  pthread_once(&itself, init_itself); // expected-warning {{what runs once for 'itself'}}
}

void itself_bad(void) { init_itself(); }

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int table[4];

static int *get_table(void);
static void fill_table(void) { table[0] = get_table()[1] + 1; }
static int *get_table(void) {
  pthread_once(&once, fill_table); // expected-warning {{what runs once for 'once'}}
  return table;
}

void callee_bad(void) { get_table(); }

static pthread_once_t first = PTHREAD_ONCE_INIT, second = PTHREAD_ONCE_INIT;
static int made;

static void make_second(void) { made = 2; }
static void make_first(void) { pthread_once(&second, make_second); }

void chain_ok(void) { pthread_once(&first, make_first); }

static pthread_once_t again = PTHREAD_ONCE_INIT;

void twice_ok(void) {
  pthread_once(&again, make_second);
  pthread_once(&again, make_second);
}

SCENARIO_MAIN(SCENARIO(itself_bad), SCENARIO(callee_bad), SCENARIO(chain_ok), SCENARIO(twice_ok))
