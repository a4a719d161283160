// RUN: %runtime_cxx -Wthread-safety -Wno-error -fsyntax-only -Xclang -verify %s
// The compiler's thread-safety analysis understands both modes, the guards and cond.
#include "heddle/heddle.h"

struct table {
  heddle::rw_mutex mu;
  int rows HEDDLE_GUARDED_BY(mu) = 0;

  void add_ok() {
    heddle::write_guard lock(mu);
    ++rows;
  }
  int count_ok() {
    heddle::read_guard lock(mu);
    return rows;
  }
  int try_ok() {
    if (!mu.try_lock_shared())
      return 0;
    const int result = rows;
    mu.unlock_shared();
    return result;
  }
  int helper_ok() HEDDLE_REQUIRES_SHARED(mu) { return rows; }
  int count_bad() {
    return rows; // expected-warning {{reading variable 'rows' requires holding rw_mutex 'mu'}}
  }
  void add_bad() {
    heddle::read_guard lock(mu);
    ++rows; // expected-warning {{writing variable 'rows' requires holding rw_mutex 'mu' exclusively}}
  }
};

struct queue {
  heddle::mutex mu;
  heddle::cond filled;
  int items HEDDLE_GUARDED_BY(mu) = 0;

  void take_ok() {
    heddle::lock_guard lock(mu);
    filled.wait(mu, [&]() HEDDLE_REQUIRES(mu) { return items > 0; });
    --items;
  }
  bool take_ok(const heddle::context &ctx) {
    heddle::lock_guard lock(mu);
    return filled.wait(ctx, mu, [&]() HEDDLE_REQUIRES(mu) { return items > 0; });
  }
  void loop_ok() {
    heddle::lock_guard lock(mu);
    while (items == 0)
      filled.wait(mu);
  }
  void wait_bad() {
    filled.wait(mu); // expected-warning {{requires holding mutex 'mu'}}
  }
};
