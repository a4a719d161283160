// RUN: %runtime_cxx -Wthread-safety -Wno-error -fsyntax-only -Xclang -verify %s
// The compiler's thread-safety analysis understands the mutex, the guard and the macros.
#include "heddle/heddle.h"

struct account {
  heddle::mutex mu;
  int balance HEDDLE_GUARDED_BY(mu) = 0;

  void deposit_ok(int n) {
    heddle::lock_guard lock(mu);
    balance += n;
  }
  void deposit_bad(int n) {
    balance += n; // expected-warning {{writing variable 'balance' requires holding mutex 'mu'}}
  }
  void try_ok() {
    if (mu.try_lock()) {
      ++balance;
      mu.unlock();
    }
  }
  void forget_bad() {
    mu.lock(); // expected-note {{mutex acquired here}}
  } // expected-warning {{mutex 'mu' is still held at the end of function}}
  void helper_ok() HEDDLE_REQUIRES(mu) { ++balance; }
};

void unnamed_bad(heddle::mutex &mu) {
  heddle::lock_guard{mu}; // expected-warning {{ignoring temporary}}
}
