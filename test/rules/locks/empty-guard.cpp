// RUN: %heddle_verify --checks=empty-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t no_mutex_bad
// RUN: %race_found %t deferred_bad
// RUN: %race_found %t default_bad
// RUN: %t ok

// Guards that never hold a lock.
#include "../scenarios.h"

#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <utility>

std::mutex m;
std::mutex n;
long counter;

template <typename Function> void twice(Function work) {
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      work();
  });
  for (int i = 0; i < 1000; ++i)
    work();
  other.join();
}

// [example: bad]
void add_bad() {
  std::scoped_lock lock; // expected-warning {{the guard 'lock' is given no lock}}
  ++counter;
}

void subtract_bad() {
  std::unique_lock lock(m, std::defer_lock); // expected-warning {{never is asked to}}
  --counter;
}
// [end]

void no_mutex_bad() { twice(add_bad); }
void deferred_bad() { twice(subtract_bad); }

void default_bad() {
  twice([] {
    std::unique_lock<std::mutex> lock; // expected-warning {{the guard 'lock' is given no lock}}
    ++counter;
  });
}

void asked_but_not_locked_bad(int *p) {
  std::shared_mutex rw;
  std::shared_lock lock(rw, std::defer_lock); // expected-warning {{never is asked to}}
  if (lock.owns_lock())
    ++*p;
  if (lock)
    ++*p;
}

class account {
public:
  void deposit_bad(long amount) {
    const std::unique_lock<std::mutex> lock(mutex_, std::defer_lock); // expected-warning {{never}}
    balance_ += amount;
  }
  void braces_bad() {
    std::scoped_lock<> lock{}; // expected-warning {{is given no lock}}
    balance_ = 0;
  }
  void later_ok(long amount) {
    std::unique_lock<std::mutex> lock(mutex_, std::defer_lock);
    if (amount == 0)
      return;
    lock.lock();
    balance_ += amount;
  }

private:
  std::mutex mutex_;
  long balance_ = 0;
};

static void adopted_bad() {
  std::lock_guard lock(n, std::adopt_lock); // expected-warning {{but nobody has taken it}}
  ++counter;
}

template <typename Mutex> void in_template_bad(Mutex &mutex) {
  std::unique_lock<Mutex> lock(mutex, std::defer_lock); // expected-warning {{never is asked to}}
  ++counter;
}
template void in_template_bad(std::mutex &);

// [example: good]
void add_ok() {
  std::scoped_lock lock(m);
  ++counter;
}
// [end]

void named_ok() { twice(add_ok); }

void deferred_and_locked_ok() {
  twice([] {
    std::unique_lock first(m, std::defer_lock), second(n, std::defer_lock);
    std::lock(first, second);
    ++counter;
  });
}

void deferred_and_tried_ok() {
  std::unique_lock lock(m, std::defer_lock);
  if (lock.try_lock())
    ++counter;
}

void lock_it(std::unique_lock<std::mutex> &lock) { lock.lock(); }

void locked_by_callee_ok() {
  twice([] {
    std::unique_lock lock(m, std::defer_lock);
    lock_it(lock);
    ++counter;
  });
}

void locked_in_lambda_ok() {
  std::unique_lock lock(m, std::defer_lock);
  auto take = [&] { lock.lock(); };
  take();
  ++counter;
}

void assigned_ok(bool threads) {
  std::unique_lock<std::mutex> lock;
  if (threads)
    lock = std::unique_lock(m);
  ++counter;
}

void swapped_ok() {
  std::unique_lock<std::mutex> lock, other(m);
  lock.swap(other);
  ++counter;
}

std::unique_lock<std::mutex> handed_out_ok() {
  std::unique_lock<std::mutex> lock(m, std::defer_lock);
  return lock;
}

void adopted_ok() {
  std::lock(m, n);
  std::lock_guard first(m, std::adopt_lock);
  std::lock_guard second(n, std::adopt_lock);
  ++counter;
}

void adopted_after_try_ok() {
  if (!m.try_lock())
    return;
  std::lock_guard lock(m, std::adopt_lock);
  ++counter;
}

void adopted_after_many_ok() {
  if (std::try_lock(m, n) == -1) {
    std::lock_guard first(m, std::adopt_lock), second(n, std::adopt_lock);
    ++counter;
  }
}

static void with_lock_held_ok() {
  std::lock_guard lock(m, std::adopt_lock);
  ++counter;
}

void holds_for_callee_ok() {
  m.lock();
  with_lock_held_ok();
}

/// Who calls it is not seen.
void for_others_ok() {
  std::lock_guard lock(m, std::adopt_lock);
  ++counter;
}

template <typename... Mutexes> void pack_ok(Mutexes &...mutexes) {
  std::scoped_lock lock(mutexes...);
  ++counter;
}

int main(int argc, char **argv) {
  if (argc == 1) {
    adopted_bad();
    pack_ok();
    pack_ok(m, n);
  }
  const struct scenario all[] = {SCENARIO(no_mutex_bad),       SCENARIO(deferred_bad),
                                 SCENARIO(default_bad),        SCENARIO(named_ok),
                                 SCENARIO(adopted_ok),         SCENARIO(deferred_and_locked_ok),
                                 SCENARIO(locked_by_callee_ok)};
  return run_scenarios(all, sizeof(all) / sizeof(all[0]), argc, argv);
}
