// RUN: %heddle_verify --checks=unsafe-double-checked-lock,unguarded-shared-write,unsynchronized-lazy-init %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t singleton_bad
// RUN: %race_found %t early_return_bad
// RUN: %race_found %t flag_bad
// RUN: %race_found %t relaxed_bad
// RUN: %t ok

// The pattern itself, and what makes it right.
#include "../scenarios.h"

#include <atomic>
#include <mutex>
#include <thread>

struct table {
  int size = 7;
};

template <typename Body> void in_two_threads(Body body) {
  std::thread first(body);
  std::thread second(body);
  first.join();
  second.join();
}

std::mutex mutex;
int sum;

void use(int size) {
  const std::lock_guard<std::mutex> lock(mutex);
  sum += size;
}

// [example: bad]
std::mutex instance_mutex;
table *instance = nullptr;

table *get_instance_bad() {
  if (instance == nullptr) { // expected-warning {{without 'instance_mutex' and is no atomic}}
    const std::lock_guard<std::mutex> lock(instance_mutex);
    if (instance == nullptr)
      instance = new table;
  }
  return instance;
}
// [end]

void singleton_bad() {
  in_two_threads([] { use(get_instance_bad()->size); });
}

// [example: good]
table *get_static_ok() {
  static table *const made = new table;
  return made;
}

std::atomic<table *> published{nullptr};

table *get_published_ok() {
  table *found = published.load(std::memory_order_acquire);
  if (!found) {
    const std::lock_guard<std::mutex> lock(instance_mutex);
    found = published.load(std::memory_order_relaxed);
    if (!found) {
      found = new table;
      published.store(found, std::memory_order_release);
    }
  }
  return found;
}
// [end]

void static_ok() {
  in_two_threads([] { use(get_static_ok()->size); });
}
void published_ok() {
  in_two_threads([] { use(get_published_ok()->size); });
}

table *early;

table *get_early_bad() {
  if (early) // expected-warning {{'early' is tested here without 'instance_mutex'}}
    return early;
  const std::lock_guard<std::mutex> lock(instance_mutex);
  if (!early)
    early = new table;
  return early;
}

void early_return_bad() {
  in_two_threads([] { use(get_early_bad()->size); });
}

table filled;
bool is_filled = false;

table &get_filled_bad() {
  if (!is_filled) { // expected-warning {{'is_filled' is tested here without 'instance_mutex'}}
    std::unique_lock<std::mutex> lock(instance_mutex);
    if (!is_filled) {
      filled.size = 9;
      is_filled = true;
    }
  }
  return filled;
}

void flag_bad() {
  in_two_threads([] { use(get_filled_bad().size); });
}

std::atomic<table *> relaxed{nullptr};

table *get_relaxed_bad() {
  table *found =
      relaxed.load(std::memory_order_relaxed); // expected-warning {{with a relaxed load}}
  if (!found) {
    const std::lock_guard<std::mutex> lock(instance_mutex);
    found = relaxed.load(std::memory_order_relaxed);
    if (!found) {
      found = new table;
      relaxed.store(found, std::memory_order_relaxed);
    }
  }
  return found;
}

void relaxed_bad() {
  in_two_threads([] { use(get_relaxed_bad()->size); });
}

std::atomic<bool> ready{false};
table prepared;

table &get_prepared_ok() {
  if (!ready) {
    const std::lock_guard<std::mutex> lock(instance_mutex);
    if (!ready) {
      prepared.size = 3;
      ready = true;
    }
  }
  return prepared;
}

void prepared_ok() {
  in_two_threads([] { use(get_prepared_ok().size); });
}

std::once_flag once;
table *made_once;

table *get_once_ok() {
  std::call_once(once, [] { made_once = new table; });
  return made_once;
}

void once_ok() {
  in_two_threads([] { use(get_once_ok()->size); });
}

table *always_locked;

table *get_locked_ok() {
  const std::lock_guard<std::mutex> lock(instance_mutex);
  if (!always_locked) {
    if (!always_locked)
      always_locked = new table;
  }
  return always_locked;
}

void locked_ok() {
  in_two_threads([] { use(get_locked_ok()->size); });
}

SCENARIO_MAIN(SCENARIO(singleton_bad), SCENARIO(static_ok), SCENARIO(published_ok),
              SCENARIO(early_return_bad), SCENARIO(flag_bad), SCENARIO(relaxed_bad),
              SCENARIO(prepared_ok), SCENARIO(once_ok), SCENARIO(locked_ok))
