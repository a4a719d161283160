// RUN: %heddle_verify --checks=missing-unlock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread %s -o %t
// RUN: %hangs %t jump_bad
// RUN: %hangs %t signal_jump_twice_bad
// RUN: timeout 60 %t ok

// Jumps out of functions that hold a lock: nobody comes by the unlock any more.
#include "../scenarios.h"

#include <pthread.h>
#include <setjmp.h>

static pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER, guarded = PTHREAD_MUTEX_INITIALIZER;
static jmp_buf failed;
static int counter;

static int parse(int value) { return value < 0; }

static void read_bad(int value) {
  pthread_mutex_lock(&m);
  if (parse(value))
    longjmp(failed, 1); // expected-warning {{'m' stays locked when control jumps out of}}
  counter = value;
  pthread_mutex_unlock(&m);
}

static void signal_bad(sigjmp_buf where, int value) {
  pthread_mutex_lock(&m);
  if (parse(value))
    siglongjmp(where, 1); // expected-warning {{'m' stays locked when control jumps out of}}
  pthread_mutex_unlock(&m);
}

static void read_ok(int value) {
  pthread_mutex_lock(&m);
  if (parse(value)) {
    pthread_mutex_unlock(&m);
    longjmp(failed, 1);
  }
  counter = value;
  pthread_mutex_unlock(&m);
}

// Whoever is jumped to gives it back.
static void guarded_ok(int value) {
  pthread_mutex_lock(&guarded);
  if (parse(value))
    longjmp(failed, 2);
  counter = value;
  pthread_mutex_unlock(&guarded);
}

static void jumped_to_ok(int value) {
  if (setjmp(failed) == 2) {
    pthread_mutex_unlock(&guarded);
    return;
  }
  guarded_ok(value);
}

// Whoever it was given by may know what to do.
void given_ok(pthread_mutex_t *given, int value) {
  pthread_mutex_lock(given);
  if (parse(value))
    longjmp(failed, 1);
  pthread_mutex_unlock(given);
}

// Back to where it came from.
static void own_target_ok(int value) {
  jmp_buf again;
  volatile int tries = 0;
  setjmp(again);
  if (tries++ == 0) {
    pthread_mutex_lock(&m);
    counter = value;
    pthread_mutex_unlock(&m);
    longjmp(again, 1);
  }
}

static void jump_bad(void) {
  for (volatile int i = 0; i < 2; ++i)
    if (setjmp(failed) == 0)
      read_bad(-1);
}

static void signal_jump_twice_bad(void) {
  sigjmp_buf where;
  for (volatile int i = 0; i < 2; ++i)
    if (sigsetjmp(where, 0) == 0)
      signal_bad(where, -1);
}

static void run_all_ok(void) {
  if (setjmp(failed) == 0)
    read_ok(-1);
  jumped_to_ok(-1);
  own_target_ok(1);
  given_ok(&m, 1);
}

static const struct scenario all[] = {{"jump_bad", jump_bad},
                                      {"signal_jump_twice_bad", signal_jump_twice_bad},
                                      {"run_all_ok", run_all_ok}};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
