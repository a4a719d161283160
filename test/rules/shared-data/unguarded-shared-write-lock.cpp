// RUN: %heddle_verify --checks=unguarded-shared-write,write-under-shared-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t only_one_side_locks_bad
// RUN: %race_found %t different_locks_bad
// RUN: %race_found %t released_too_early_bad
// RUN: %race_found %t unlocked_in_the_middle_bad
// RUN: %race_found %t deferred_never_locked_bad
// RUN: %race_found %t temporary_guard_bad
// RUN: %race_found %t shared_lock_on_write_bad
// RUN: %race_found %t guard_moved_away_bad
// RUN: %race_found %t locked_on_one_branch_bad
// RUN: %race_found %t try_lock_not_tested_bad
// RUN: %t ok

// Locks of the standard library: which of them is held where the data is touched.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <shared_mutex>
#include <thread>

std::mutex one_mutex;
std::mutex other_mutex;
std::shared_mutex rw_mutex;
std::recursive_mutex nested_mutex;

int forgotten = 0;

void only_one_side_locks_bad() {
  std::thread worker([] {
    const std::lock_guard<std::mutex> lock(one_mutex);
    ++forgotten;
  });
  ++forgotten; // expected-warning {{'forgotten' is written}}
  worker.join();
}

int split = 0;

void different_locks_bad() {
  std::thread worker([] {
    const std::lock_guard<std::mutex> lock(one_mutex);
    ++split; // expected-warning {{'split' is written}}
  });
  {
    const std::lock_guard<std::mutex> lock(other_mutex);
    ++split;
  }
  worker.join();
}

int late = 0;

void write_after_the_scope() {
  {
    const std::lock_guard<std::mutex> lock(one_mutex);
  }
  ++late; // expected-warning {{'late' is written}}
}

void released_too_early_bad() {
  std::thread first(write_after_the_scope);
  std::thread second(write_after_the_scope);
  first.join();
  second.join();
}

int gap = 0;
int before_gap = 0;

void write_after_unlock() {
  std::unique_lock<std::mutex> lock(one_mutex);
  ++before_gap;
  lock.unlock();
  ++gap; // expected-warning {{'gap' is written}}
}

void unlocked_in_the_middle_bad() {
  std::thread first(write_after_unlock);
  std::thread second(write_after_unlock);
  first.join();
  second.join();
}

int deferred = 0;

void write_under_deferred_lock() {
  std::unique_lock<std::mutex> lock(one_mutex, std::defer_lock);
  ++deferred; // expected-warning {{'deferred' is written}}
}

void deferred_never_locked_bad() {
  std::thread first(write_under_deferred_lock);
  std::thread second(write_under_deferred_lock);
  first.join();
  second.join();
}

int temporary = 0;

void write_beside_temporary_guard() {
  std::lock_guard<std::mutex>{one_mutex};
  ++temporary; // expected-warning {{'temporary' is written}}
}

void temporary_guard_bad() {
  std::thread first(write_beside_temporary_guard);
  std::thread second(write_beside_temporary_guard);
  first.join();
  second.join();
}

int both_shared = 0;

void write_under_shared_lock() {
  const std::shared_lock<std::shared_mutex> lock(rw_mutex);
  ++both_shared; // expected-warning {{'both_shared' is written}}
}

void shared_lock_on_write_bad() {
  std::thread first(write_under_shared_lock);
  std::thread second(write_under_shared_lock);
  first.join();
  second.join();
}

int moved_away = 0;

void write_after_move() {
  std::unique_lock<std::mutex> lock(one_mutex);
  {
    const std::unique_lock<std::mutex> new_owner = std::move(lock);
  }
  ++moved_away; // expected-warning {{'moved_away' is written}}
}

void guard_moved_away_bad() {
  std::thread first(write_after_move);
  std::thread second(write_after_move);
  first.join();
  second.join();
}

int one_branch = 0;

void lock_on_one_branch(bool locked) {
  std::unique_lock<std::mutex> lock(one_mutex, std::defer_lock);
  if (locked)
    lock.lock();
  ++one_branch; // expected-warning {{'one_branch' is written}}
}

void locked_on_one_branch_bad() {
  std::thread worker(lock_on_one_branch, false);
  lock_on_one_branch(true);
  worker.join();
}

int untested = 0;

void try_lock_not_tested_bad() {
  std::thread worker;
  {
    const std::lock_guard<std::mutex> busy(one_mutex);
    worker = std::thread([] {
      const std::unique_lock<std::mutex> lock(one_mutex, std::try_to_lock);
      ++untested; // expected-warning {{'untested' is written}}
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(100)); // so that the try fails
    ++untested;
  }
  worker.join();
}

int guarded = 0;

void add_guarded() {
  const std::lock_guard<std::mutex> lock(one_mutex);
  ++guarded;
}

void lock_guard_ok() {
  std::thread worker(add_guarded);
  add_guarded();
  worker.join();
}

int mixed_guards = 0;

void guards_of_all_kinds_ok() {
  std::thread first([] {
    const std::scoped_lock lock(one_mutex, other_mutex);
    ++mixed_guards;
  });
  std::thread second([] {
    one_mutex.lock();
    ++mixed_guards;
    one_mutex.unlock();
  });
  std::thread third([] {
    std::lock(one_mutex, other_mutex);
    const std::lock_guard<std::mutex> lock_one(one_mutex, std::adopt_lock);
    const std::lock_guard<std::mutex> lock_other(other_mutex, std::adopt_lock);
    ++mixed_guards;
  });
  {
    const std::unique_lock lock(one_mutex);
    ++mixed_guards;
  }
  first.join();
  second.join();
  third.join();
}

int relocked = 0;

void write_relocked() {
  std::unique_lock<std::mutex> lock(one_mutex);
  ++relocked;
  lock.unlock();
  std::this_thread::yield();
  lock.lock();
  ++relocked;
}

void unlocked_and_relocked_ok() {
  std::thread worker(write_relocked);
  write_relocked();
  worker.join();
}

int locked_later = 0;

void write_locked_later() {
  std::unique_lock<std::mutex> lock(one_mutex, std::defer_lock);
  lock.lock();
  ++locked_later;
}

void deferred_then_locked_ok() {
  std::thread worker(write_locked_later);
  write_locked_later();
  worker.join();
}

int tried = 0;

void write_if_free() {
  const std::unique_lock<std::mutex> lock(one_mutex, std::try_to_lock);
  if (lock.owns_lock())
    ++tried;
}

void write_if_free_by_hand() {
  if (!one_mutex.try_lock())
    return;
  ++tried;
  one_mutex.unlock();
}

void try_lock_tested_ok() {
  std::thread first(write_if_free);
  std::thread second(write_if_free_by_hand);
  first.join();
  second.join();
}

int read_mostly = 0;

int read_shared() {
  const std::shared_lock lock(rw_mutex);
  return read_mostly;
}

void write_exclusive(int value) {
  const std::unique_lock lock(rw_mutex);
  read_mostly = value;
}

void readers_and_writer_ok() {
  std::thread reader(read_shared);
  std::thread writer(write_exclusive, 3);
  write_exclusive(read_shared() + 1);
  reader.join();
  writer.join();
}

int nested = 0;

void add_nested() {
  const std::lock_guard lock(nested_mutex);
  ++nested;
}

void add_nested_twice() {
  const std::lock_guard lock(nested_mutex);
  add_nested();
  ++nested; // still held: the inner guard gave back only its own count
}

void recursive_mutex_ok() {
  std::thread worker(add_nested_twice);
  add_nested_twice();
  worker.join();
}

int by_alias = 0;

void add_by_alias() {
  std::mutex &alias = one_mutex;
  const std::lock_guard lock(alias);
  ++by_alias;
}

void alias_of_the_mutex_ok() {
  std::thread worker(add_by_alias);
  {
    const std::lock_guard lock(one_mutex);
    ++by_alias;
  }
  worker.join();
}

int moved_guard = 0;

void write_under_new_owner() {
  std::unique_lock<std::mutex> lock(one_mutex);
  const std::unique_lock<std::mutex> new_owner = std::move(lock);
  ++moved_guard;
}

void guard_moved_to_new_owner_ok() {
  std::thread worker(write_under_new_owner);
  write_under_new_owner();
  worker.join();
}

int with_early_return = 0;

void write_unless_full() {
  const std::lock_guard lock(one_mutex);
  if (with_early_return > 10)
    return;
  ++with_early_return;
}

void early_return_under_lock_ok() {
  std::thread worker(write_unless_full);
  write_unless_full();
  worker.join();
}

void local_mutex_captured_ok() {
  std::mutex mutex;
  int sum = 0;
  std::thread worker([&] {
    const std::lock_guard lock(mutex);
    ++sum;
  });
  {
    const std::lock_guard lock(mutex);
    ++sum;
  }
  worker.join();
}

SCENARIO_MAIN(SCENARIO(only_one_side_locks_bad), SCENARIO(different_locks_bad),
              SCENARIO(released_too_early_bad), SCENARIO(unlocked_in_the_middle_bad),
              SCENARIO(deferred_never_locked_bad), SCENARIO(temporary_guard_bad),
              SCENARIO(shared_lock_on_write_bad), SCENARIO(guard_moved_away_bad),
              SCENARIO(locked_on_one_branch_bad), SCENARIO(try_lock_not_tested_bad),
              SCENARIO(lock_guard_ok), SCENARIO(guards_of_all_kinds_ok),
              SCENARIO(unlocked_and_relocked_ok), SCENARIO(deferred_then_locked_ok),
              SCENARIO(try_lock_tested_ok), SCENARIO(readers_and_writer_ok),
              SCENARIO(recursive_mutex_ok), SCENARIO(alias_of_the_mutex_ok),
              SCENARIO(guard_moved_to_new_owner_ok), SCENARIO(early_return_under_lock_ok),
              SCENARIO(local_mutex_captured_ok))
