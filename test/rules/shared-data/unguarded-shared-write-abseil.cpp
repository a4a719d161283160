// RUN: %heddle_verify --checks=unguarded-shared-write,write-under-shared-lock %s -- -std=c++20

// Locks, notifications and counters of Abseil, by declarations alone.
#include "../../model/Inputs/absl.h"

#include <mutex>
#include <thread>

absl::Mutex mu;
absl::Mutex other_mu;

int locked = 0;

void lock_ok() {
  std::thread worker([] {
    absl::MutexLock lock(&mu);
    ++locked;
  });
  mu.Lock();
  ++locked;
  mu.Unlock();
  worker.join();
}

int split = 0;

void different_locks_bad() {
  std::thread worker([] {
    absl::MutexLock lock(&mu);
    ++split; // expected-warning {{'split' is written}}
  });
  absl::MutexLock lock(&other_mu);
  ++split;
  worker.join();
}

int released = 0;

void released_too_early_bad() {
  std::thread worker([] {
    absl::MutexLock lock(&mu);
    ++released;
  });
  {
    absl::ReleasableMutexLock lock(&mu);
    lock.Release();
    ++released; // expected-warning {{'released' is written}}
  }
  worker.join();
}

int under_readers = 0;

void two_readers_bad() {
  std::thread worker([] {
    absl::ReaderMutexLock lock(&mu);
    ++under_readers; // expected-warning {{'under_readers' is written}}
  });
  absl::ReaderMutexLock lock(&mu);
  int seen = under_readers;
  (void)seen;
  worker.join();
}

int tried = 0;

void try_lock_ok() {
  std::thread worker([] {
    absl::MutexLock lock(&mu);
    ++tried;
  });
  if (mu.TryLock()) {
    ++tried;
    mu.Unlock();
  }
  worker.join();
}

int announced = 0;

void notification_ok() {
  absl::Notification done;
  std::thread worker([&] {
    ++announced;
    done.Notify();
  });
  done.WaitForNotification();
  ++announced;
  worker.join();
}

int counted = 0;

void blocking_counter_ok() {
  absl::BlockingCounter counter(1);
  std::thread worker([&] {
    ++counted;
    counter.DecrementCount();
  });
  counter.Wait();
  ++counted;
  worker.join();
}

int awaited = 0;
bool ready = false;

void await_ok() {
  std::thread worker([] {
    ++awaited;
    absl::MutexLock lock(&mu);
    ready = true;
  });
  mu.Lock();
  mu.Await(absl::Condition(&ready));
  mu.Unlock();
  ++awaited;
  worker.join();
}

int made_once = 0;
absl::once_flag once;

void make() { made_once = 1; }

void once_ok() {
  std::thread worker([] { absl::call_once(once, make); });
  absl::call_once(once, make);
  worker.join();
}
