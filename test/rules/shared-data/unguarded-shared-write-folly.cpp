// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20

// Executors, spin locks and batons of folly, by declarations alone.
#include "../../model/Inputs/folly.h"

#include <mutex>

folly::MicroSpinLock spin;

int bare = 0;

void executor_bad() {
  folly::CPUThreadPoolExecutor pool(4);
  pool.add([] { ++bare; }); // expected-warning {{'bare' is written}}
  ++bare;
  pool.join();
}

int joined = 0;

void executor_joined_ok() {
  folly::CPUThreadPoolExecutor pool(4);
  pool.add([] { ++joined; });
  pool.join();
  ++joined;
}

int locked = 0;

void spin_lock_ok() {
  folly::CPUThreadPoolExecutor pool(4);
  pool.add([] {
    std::lock_guard<folly::MicroSpinLock> lock(spin);
    ++locked;
  });
  spin.lock();
  ++locked;
  spin.unlock();
  pool.join();
}

int posted = 0;

void baton_ok() {
  folly::CPUThreadPoolExecutor pool(4);
  folly::Baton done;
  pool.add([&] {
    ++posted;
    done.post();
  });
  done.wait();
  ++posted;
  pool.join();
}
