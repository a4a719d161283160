// RUN: %heddle_verify --checks=double-lock %s -- -std=gnu17 -D_GNU_SOURCE
// RUN: %clang -std=gnu17 -D_GNU_SOURCE -pthread -DRUN %s -o %t
// RUN: %hangs %t static_bad
// RUN: %hangs %t zeroed_bad
// RUN: %hangs %t upgrade_bad
// RUN: %hangs %t its_balance_bad
// RUN: timeout 60 %t ok

// Whether a pthread mutex may be taken again is decided where it is set up.
#include "../scenarios.h"

#include <pthread.h>
#include <stdlib.h>

pthread_mutex_t plain = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t zeroed;
pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
extern pthread_mutex_t elsewhere;
pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
int counter;

void static_bad(void) {
  pthread_mutex_lock(&plain);
  pthread_mutex_lock(&plain); // expected-warning {{'plain' is locked again}}
  pthread_mutex_unlock(&plain);
}

void zeroed_bad(void) {
  pthread_mutex_lock(&zeroed);
  pthread_mutex_lock(&zeroed); // expected-warning {{'zeroed' is locked again}}
}

void recursive_ok(void) {
  pthread_mutex_lock(&recursive);
  pthread_mutex_lock(&recursive);
  pthread_mutex_unlock(&recursive);
  pthread_mutex_unlock(&recursive);
}

void elsewhere_ok(void) {
  pthread_mutex_lock(&elsewhere);
  pthread_mutex_lock(&elsewhere);
  pthread_mutex_unlock(&elsewhere);
  pthread_mutex_unlock(&elsewhere);
}

struct account {
  pthread_mutex_t lock;
  pthread_mutex_t nested;
  int balance;
};

void open_account(struct account *a) {
  pthread_mutexattr_t attr;
  pthread_mutexattr_init(&attr);
  pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&a->lock, NULL);
  pthread_mutex_init(&a->nested, &attr);
  pthread_mutexattr_destroy(&attr);
}

static int balance(struct account *a) {
  pthread_mutex_lock(&a->lock);
  int result = a->balance;
  pthread_mutex_unlock(&a->lock);
  return result;
}

static int nested_balance(struct account *a) {
  pthread_mutex_lock(&a->nested);
  int result = a->balance;
  pthread_mutex_unlock(&a->nested);
  return result;
}

void member_bad(struct account *a) {
  pthread_mutex_lock(&a->lock);
  a->balance = balance(a) + 1; // expected-warning {{the call of 'balance' locks 'a->lock'}}
  pthread_mutex_unlock(&a->lock);
}

void member_ok(struct account *a) {
  pthread_mutex_lock(&a->nested);
  a->balance = nested_balance(a) + 1;
  pthread_mutex_unlock(&a->nested);
}

void other_ok(struct account *a, struct account *b) {
  pthread_mutex_lock(&a->lock);
  a->balance += balance(b);
  pthread_mutex_unlock(&a->lock);
}

int error_ok(struct account *a) {
  if (pthread_mutex_lock(&a->lock) != 0)
    return -1;
  int result = a->balance;
  pthread_mutex_unlock(&a->lock);
  return result;
}

void checked_ok(struct account *a) {
  int status = pthread_mutex_lock(&a->lock);
  if (status)
    abort();
  pthread_mutex_unlock(&a->lock);
  status = pthread_mutex_lock(&a->lock);
  if (status)
    abort();
  pthread_mutex_unlock(&a->lock);
}

void upgrade_bad(void) {
  pthread_rwlock_rdlock(&rw);
  if (counter == 0)
    pthread_rwlock_wrlock(
        &rw); // expected-warning@-1 {{for writing while this thread holds it for reading}}
  pthread_rwlock_unlock(&rw);
}

static void fatal(void) {
  pthread_mutex_lock(&plain);
  counter = -1;
  pthread_mutex_unlock(&plain);
  exit(1);
}

static void unlock_or_die(pthread_mutex_t *lock) {
  if (pthread_mutex_unlock(lock) != 0)
    fatal();
}

void unlock_or_die_ok(void) {
  pthread_mutex_lock(&plain);
  ++counter;
  unlock_or_die(&plain);
}

static void helper(void (*callback)(void)) {
  pthread_mutex_lock(&plain);
  ++counter;
  pthread_mutex_unlock(&plain);
  callback();
}

void unlocks(void) {
  pthread_mutex_lock(&plain);
  ++counter;
  pthread_mutex_unlock(&plain);
}

void callback_ok(void) { helper(unlocks); }

#ifdef RUN
pthread_mutex_t elsewhere = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

static void its_balance_bad(void) {
  struct account a = {0};
  open_account(&a);
  member_bad(&a);
}

static void its_balance_ok(void) {
  struct account a = {0}, b = {0};
  open_account(&a);
  open_account(&b);
  member_ok(&a);
  other_ok(&a, &b);
  error_ok(&a);
  checked_ok(&a);
}

SCENARIO_MAIN(SCENARIO(static_bad), SCENARIO(zeroed_bad), SCENARIO(upgrade_bad),
              SCENARIO(its_balance_bad), SCENARIO(its_balance_ok), SCENARIO(recursive_ok),
              SCENARIO(elsewhere_ok), SCENARIO(unlock_or_die_ok), SCENARIO(callback_ok))
#endif
