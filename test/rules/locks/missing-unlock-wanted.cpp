// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: timeout 60 %t ok

// An attempt that is made on one side of a condition: what that yields says whether there was one,
// and how it went.
#include "../scenarios.h"

#include <mutex>
#include <pthread.h>

static std::mutex m;
static pthread_mutex_t p = PTHREAD_MUTEX_INITIALIZER;
static int n;

void wanted(bool want) {
  const bool locked = want && m.try_lock();
  ++n;
  if (locked)
    m.unlock();
}

void unless(bool skip) {
  bool ok = skip || m.try_lock();
  if (!ok)
    return;
  ++n;
  if (!skip)
    m.unlock();
}

void both(bool want, bool now) {
  bool failed = !(want && now && m.try_lock());
  ++n;
  if (!failed)
    m.unlock();
}

void by_number(int want) {
  bool locked = want > 3 && pthread_mutex_trylock(&p) == 0;
  ++n;
  if (locked)
    pthread_mutex_unlock(&p);
}

static bool get(bool want) { return want && m.try_lock(); }

void got(bool want) {
  if (!get(want))
    return;
  ++n;
  m.unlock();
}

void wanted_ok() {
  for (const bool want : {true, false}) {
    wanted(want);
    unless(want);
    for (const bool now : {true, false}) {
      both(want, now);
    }
    by_number(want ? 4 : 3);
    got(want);
  }
}

void not_got_bad(bool want) {
  const bool locked = want && m.try_lock();
  ++n;
  if (!locked && want)
    m.unlock(); // expected-warning {{'m' is unlocked where the attempt to lock it has failed}}
  if (locked)
    m.unlock();
}
// Not run: not_got_bad: unlocking what another thread holds goes unnoticed.

SCENARIO_MAIN(SCENARIO(wanted_ok))
