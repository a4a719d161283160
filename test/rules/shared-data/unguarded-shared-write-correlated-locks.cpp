// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t one_without_bad
// RUN: %race_found %t given_back_early_bad
// RUN: %race_found %t after_the_section_bad
// RUN: %race_found %t null_for_one_bad
// RUN: %t ok

// Locks that are held on some ways and not on others: what is done in between has the lock where
// the condition says so.
#include "../scenarios.h"

#include <mutex>
#include <thread>

std::mutex mutex, outer;

int counted = 0, mixed = 0, early = 0, behind = 0, forwarded = 0, helped = 0, rounds = 0;

void count(bool locks) {
  if (locks)
    mutex.lock();
  ++counted;
  if (locks)
    mutex.unlock();
}

void all_with_ok() {
  std::thread worker(count, true);
  count(true);
  worker.join();
}

void count_mixed(bool locks) {
  if (locks)
    mutex.lock();
  ++mixed; // expected-warning {{'mixed' is written}}
  if (locks)
    mutex.unlock();
}

void one_without_bad() {
  std::thread worker(count_mixed, true);
  count_mixed(false);
  worker.join();
}

void give_back_early(int amount) {
  mutex.lock();
  if (amount > 1)
    mutex.unlock();
  early += amount; // expected-warning {{'early' is written}}
  if (amount <= 1)
    mutex.unlock();
}

void given_back_early_bad() {
  std::thread worker(give_back_early, 2);
  give_back_early(3);
  worker.join();
}

void count_behind(bool locks) {
  if (locks)
    mutex.lock();
  if (locks)
    mutex.unlock();
  ++behind; // expected-warning {{'behind' is written}}
}

void after_the_section_bad() {
  std::thread worker(count_behind, true);
  count_behind(true);
  worker.join();
}

void count_for(bool locks) {
  if (locks)
    mutex.lock();
  ++forwarded;
  if (locks)
    mutex.unlock();
}

void forward(bool locks) { count_for(locks); }

void through_another_ok() {
  std::thread worker(forward, true);
  forward(true);
  worker.join();
}

void lock_if(bool locks) {
  if (locks)
    mutex.lock();
}

void unlock_if(bool locks) {
  if (locks)
    mutex.unlock();
}

void count_with_helpers(bool locks) {
  lock_if(locks);
  ++helped;
  unlock_if(locks);
}

void helpers_ok() {
  std::thread worker(count_with_helpers, true);
  count_with_helpers(true);
  worker.join();
}

void count_rounds(bool locks) {
  for (int i = 0; i < 10; ++i) {
    if (locks)
      mutex.lock();
    ++rounds;
    if (locks)
      mutex.unlock();
  }
}

void in_a_loop_ok() {
  std::thread worker(count_rounds, true);
  count_rounds(true);
  worker.join();
}

// A pointer decides: one thread is given none.
int pointed = 0;

void count_by_pointer(const int *locks) {
  if (locks)
    mutex.lock();
  ++pointed; // expected-warning {{'pointed' is written}}
  if (locks)
    mutex.unlock();
}

void null_for_one_bad() {
  int any = 0;
  std::thread worker(count_by_pointer, &any);
  count_by_pointer(nullptr);
  worker.join();
}

// The caller's own lock is still there after a section inside that is not always one.
int nested = 0;

void inside(bool locks) {
  if (locks)
    mutex.lock();
  if (locks)
    mutex.unlock();
}

void count_nested(bool locks) {
  outer.lock();
  inside(locks);
  ++nested;
  outer.unlock();
}

void under_the_callers_lock_ok() {
  std::thread worker(count_nested, true);
  count_nested(false);
  worker.join();
}

// A guard that is locked later, or not.
int guarded = 0;

void count_guarded(bool locks) {
  std::unique_lock<std::mutex> guard(mutex, std::defer_lock);
  if (locks)
    guard.lock();
  ++guarded;
}

void deferred_guard_ok() {
  std::thread worker(count_guarded, true);
  count_guarded(true);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(all_with_ok), SCENARIO(one_without_bad), SCENARIO(given_back_early_bad),
              SCENARIO(after_the_section_bad), SCENARIO(through_another_ok), SCENARIO(helpers_ok),
              SCENARIO(in_a_loop_ok), SCENARIO(null_for_one_bad),
              SCENARIO(under_the_callers_lock_ok), SCENARIO(deferred_guard_ok))
