// RUN: %heddle_verify --checks=unlock-not-held,double-lock,empty-guard,unguarded-shared-write %s -- -std=c++20

// Guards that are given their lock later, or told with a truth value how to take it.

// clang-format off: expectations stand on the line.

#include "../../model/Inputs/tbb.h"

tbb::spin_mutex mutex;
tbb::spin_rw_mutex shared_mutex;
int count;
bool more();

void taken_again_ok() {
  tbb::spin_mutex::scoped_lock lock(mutex);
  while (more()) {
    lock.release();
    lock.acquire(mutex);
  }
}

// Not run: taken_twice_bad, given_back_twice_bad, tried_bad, for_reading_bad, counted_behind_bad: TBB
// is only declared.
void taken_twice_bad() {
  tbb::spin_mutex::scoped_lock lock(mutex);
  tbb::spin_mutex::scoped_lock other;
  other.acquire(mutex); // expected-warning {{'mutex' is locked again while this thread holds it}}
}

void given_back_twice_bad() {
  tbb::spin_mutex::scoped_lock lock;
  lock.acquire(mutex);
  lock.release();
  lock.release(); // expected-warning {{'lock' is told to unlock although it owns no lock here}}
}

void tried_ok() {
  tbb::spin_mutex::scoped_lock lock;
  if (!lock.try_acquire(mutex))
    return;
  lock.release();
}

void tried_bad() {
  tbb::spin_mutex::scoped_lock lock;
  if (!lock.try_acquire(mutex))
    lock.release(); // expected-warning {{'lock' is told to unlock although it owns no lock here}}
}

void for_reading_ok(bool early) {
  tbb::spin_rw_mutex::scoped_lock lock(shared_mutex, false);
  if (early)
    lock.release();
}

void for_reading_bad() {
  tbb::spin_rw_mutex::scoped_lock lock(shared_mutex, false);
  lock.release();
  lock.release(); // expected-warning {{'lock' is told to unlock although it owns no lock here}}
}

void for_either_ok(bool write) {
  tbb::spin_rw_mutex::scoped_lock lock(shared_mutex, write);
  lock.release();
  lock.acquire(shared_mutex, !write);
  lock.release();
}

// What is done under such a guard is done under its lock.
void counted_ok() {
  tbb::parallel_invoke(
      [] {
        tbb::spin_rw_mutex::scoped_lock lock;
        lock.acquire(shared_mutex);
        ++count;
      },
      [] {
        tbb::spin_rw_mutex::scoped_lock lock(shared_mutex, true);
        ++count;
      },
      [] {
        tbb::spin_rw_mutex::scoped_lock lock;
        if (lock.try_acquire(shared_mutex))
          ++count;
      });
}

int given_back;

void counted_behind_bad() {
  tbb::parallel_invoke(
      [] {
        tbb::spin_mutex::scoped_lock lock;
        lock.acquire(mutex);
        lock.release();
        ++given_back; // expected-warning {{'given_back' is written}}
      },
      [] {
        tbb::spin_mutex::scoped_lock lock(mutex);
        ++given_back;
      });
}
