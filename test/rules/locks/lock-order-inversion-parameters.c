// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=gnu17
// RUN: %tsan_cc -DRUN %s -o %t
// RUN: %deadlock_found %t threads_bad
// RUN: %deadlock_found %t jobs_bad
// RUN: %deadlock_found %t unseen_callers_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Two objects are locked as they are given, and some of those who give them are called by nobody in
// sight.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

struct account {
  pthread_mutex_t lock;
  long money;
};

#define ACCOUNT {PTHREAD_MUTEX_INITIALIZER, 100}

static void run_both(void *(*first)(void *), void *first_arg, void *(*second)(void *), void *second_arg) {
  pthread_t one, two;
  pthread_create(&one, NULL, first, first_arg);
  pthread_create(&two, NULL, second, second_arg);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
}

static struct account x = ACCOUNT, y = ACCOUNT;

static void transfer(struct account *from, struct account *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock); // expected-warning {{'y.lock' is locked here while 'x.lock' is held for the call in line 46, and the other way round for the call in line 50; the thread that runs 'there' and the thread that runs 'back' can wait for each other for ever}}
  --from->money;
  ++to->money;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static void *there(void *unused) {
  transfer(&x, &y);
  return unused;
}
static void *back(void *unused) {
  transfer(&y, &x);
  return unused;
}

void threads_bad(void) { run_both(there, NULL, back, NULL); }

struct job {
  struct account *from, *to;
};
static struct account payer = ACCOUNT, payee = ACCOUNT;

static void pay(struct account *from, struct account *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock); // expected-warning {{'payee.lock' is locked here while 'payer.lock' is held for the thread started in line 78, and the other way round for the thread started in line 79}}
  ++to->money;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static void *work(void *given) {
  struct job *mine = given;
  pay(mine->from, mine->to);
  return NULL;
}

void jobs_bad(void) {
  struct job one = {&payer, &payee}, two = {&payee, &payer};
  pthread_t first, second;
  pthread_create(&first, NULL, work, &one);
  pthread_create(&second, NULL, work, &two);
  pthread_join(first, NULL);
  pthread_join(second, NULL);
}

static struct account source = ACCOUNT, target = ACCOUNT;

static void shift(struct account *from, struct account *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock); // expected-warning {{'target.lock' is locked here while 'source.lock' is held for the call in line 96, and the other way round for the call in line 98; threads that do so at the same time wait for each other for ever}}
  ++to->money;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static void shift_some(struct account *from, struct account *to) { shift(from, to); }

void fill(void) { shift_some(&source, &target); }
void drain(void) {
  shift_some(&target, &source);
}

// What follows is good.

static struct account low = ACCOUNT, high = ACCOUNT;

static void by_address(struct account *from, struct account *to) {
  struct account *first = (uintptr_t)from < (uintptr_t)to ? from : to;
  struct account *second = first == from ? to : from;
  pthread_mutex_lock(&first->lock);
  pthread_mutex_lock(&second->lock);
  ++to->money;
  pthread_mutex_unlock(&second->lock);
  pthread_mutex_unlock(&first->lock);
}

void fill_by_address(void) { by_address(&low, &high); }
void drain_by_address(void) { by_address(&high, &low); }

static struct account small = ACCOUNT, large = ACCOUNT;

static void swapped(struct account *from, struct account *to) {
  if (from > to) {
    struct account *other = from;
    from = to;
    to = other;
  }
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  ++to->money;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

void fill_swapped(void) { swapped(&small, &large); }
void drain_swapped(void) { swapped(&large, &small); }

static struct account left = ACCOUNT, right = ACCOUNT;

static void calls_itself(struct account *from, struct account *to) {
  if (to < from) {
    calls_itself(to, from);
  } else {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);
    ++to->money;
    pthread_mutex_unlock(&to->lock);
    pthread_mutex_unlock(&from->lock);
  }
}

void fill_itself(void) { calls_itself(&left, &right); }
void drain_itself(void) { calls_itself(&right, &left); }

static struct account upper = ACCOUNT, lower = ACCOUNT;

static void one_way(struct account *from, struct account *to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);
  ++to->money;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

void fill_one_way(void) { one_way(&upper, &lower); }
void drain_one_way(void) { one_way(&upper, &lower); }

#ifdef RUN
static void *call(void *function) {
  (*(void (**)(void))function)();
  return NULL;
}

static void both_ways(void (*first)(void), void (*second)(void)) {
  run_both(call, &first, call, &second);
}

void unseen_callers_bad(void) { both_ways(fill, drain); }
void by_address_ok(void) { both_ways(fill_by_address, drain_by_address); }
void swapped_ok(void) { both_ways(fill_swapped, drain_swapped); }
void itself_ok(void) { both_ways(fill_itself, drain_itself); }
void one_way_ok(void) { both_ways(fill_one_way, drain_one_way); }

SCENARIO_MAIN(SCENARIO(threads_bad), SCENARIO(jobs_bad), SCENARIO(unseen_callers_bad),
              SCENARIO(by_address_ok), SCENARIO(swapped_ok), SCENARIO(itself_ok),
              SCENARIO(one_way_ok))
#endif
