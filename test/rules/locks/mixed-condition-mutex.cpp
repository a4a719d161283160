// RUN: %heddle_verify --checks=mixed-condition-mutex %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DSCHEDULED %s -o %t
// RUN: %hangs %t two_mutexes_bad
// RUN: timeout 60 %t ok
// RUN: %tsan_cxx %s -o %t.tsan
// RUN: %exits 66 %t.tsan deferred_wait_bad
// clang-format off: expectations stand on their lines

// Conditions that are waited on with two mutexes, or with one that is not held.
#include "../scenarios.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

// Not run: wait_for_item_bad, wait_for_room_bad, threads_bad: nobody tells them; two_mutexes_bad shows
// what becomes of it. Not run: deferred_bad, unlocked_bad, wait_bad: the same for deferred_wait_bad.
// [example: bad]
class buffer {
public:
  void wait_for_item_bad() {
    std::unique_lock lock(items_mutex);
    changed.wait(lock, [this] { return items > 0; }); // expected-warning {{'changed' is waited on here with 'items_mutex', and elsewhere with 'room_mutex'}}
    --items;
  }
  void wait_for_room_bad() {
    std::unique_lock lock(room_mutex);
    changed.wait(lock, [this] { return room > 0; });
    --room;
  }

private:
  std::mutex items_mutex, room_mutex;
  std::condition_variable changed;
  int items = 0, room = 0;
};
// [end]

// [example: good]
class good_buffer {
public:
  void wait_for_item_ok() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return items > 0; });
    --items;
  }
  void wait_for_room_ok() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return room > 0; });
    --room;
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  int items = 0, room = 0;
};
// [end]

class two_conditions_ok {
public:
  void wait_for_item() {
    std::unique_lock lock(items_mutex);
    items_changed.wait(lock, [this] { return items > 0; });
  }
  void wait_for_room() {
    std::unique_lock lock(room_mutex);
    room_changed.wait(lock, [this] { return room > 0; });
  }

private:
  std::mutex items_mutex, room_mutex;
  std::condition_variable items_changed, room_changed;
  int items = 0, room = 0;
};

// Two threads in sight.
void threads_bad() {
  std::mutex a, b;
  std::condition_variable changed;
  bool done = false;
  std::thread first([&] {
    std::unique_lock lock(a);
    changed.wait(lock, [&] { return done; }); // expected-warning {{'changed' is waited on here with 'a', and elsewhere with 'b'}}
  });
  std::thread second([&] {
    std::unique_lock lock(b);
    changed.wait(lock, [&] { return done; });
  });
  first.join();
  second.join();
}

void one_after_the_other_ok() {
  std::mutex a, b;
  std::condition_variable changed;
  bool done = false;
  std::thread first([&] {
    std::unique_lock lock(a);
    changed.wait(lock, [&] { return done; });
  });
  first.join();
  std::thread second([&] {
    std::unique_lock lock(b);
    changed.wait(lock, [&] { return done; });
  });
  second.join();
}

std::mutex global_mutex;
std::condition_variable global_changed;
bool global_done;

void deferred_bad() {
  std::unique_lock lock(global_mutex, std::defer_lock);
  global_changed.wait(lock, [] { return global_done; }); // expected-warning {{gives back 'global_mutex', which the thread does not hold}}
}

void unlocked_bad() {
  std::unique_lock lock(global_mutex);
  global_done = false;
  lock.unlock();
  while (!global_done)
    global_changed.wait(lock); // expected-warning {{gives back 'global_mutex', which the thread does not hold}}
}

void deferred_and_locked_ok() {
  std::unique_lock lock(global_mutex, std::defer_lock);
  lock.lock();
  global_changed.wait(lock, [] { return global_done; });
}

void locked_again_ok() {
  std::unique_lock lock(global_mutex);
  lock.unlock();
  lock.lock();
  global_changed.wait(lock, [] { return global_done; });
}

void perhaps_locked_ok(bool early) {
  std::unique_lock lock(global_mutex, std::defer_lock);
  if (early)
    lock.lock();
  if (early)
    global_changed.wait(lock, [] { return global_done; });
}

template <typename Lockable> struct waiter {
  Lockable mutex;
  std::condition_variable_any changed;
  bool done = false;

  void wait_bad() {
    std::unique_lock lock(mutex, std::defer_lock);
    changed.wait(lock, [this] { return done; }); // expected-warning {{gives back 'mutex', which the thread does not hold}}
  }
  void wait_ok() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return done; });
  }
};

void use(waiter<std::mutex> &w) {
  w.wait_bad();
  w.wait_ok();
}

// Each side takes a mutex of its own, so that the change falls between the other's look and its
// sleep, and nobody hears of it.
std::atomic<bool> has_looked, is_told, waits_until_told;
void gap() {
#ifdef SCHEDULED
  has_looked = true;
  while (waits_until_told && !is_told)
    std::this_thread::yield();
#endif
}
void wait_for_look() {
#ifdef SCHEDULED
  while (!has_looked)
    std::this_thread::yield();
#endif
}

struct store {
  std::mutex takes, puts;
  std::condition_variable changed;
  std::atomic<int> items = 0;

  void take() {
    std::unique_lock lock(takes);
    while (items == 0) {
      gap();
      changed.wait(lock); // expected-warning {{'changed' is waited on here with 'takes', and elsewhere with 'puts'}}
    }
    --items;
    changed.notify_all();
  }
  void put() {
    std::unique_lock lock(puts);
    while (items == 1)
      changed.wait(lock);
    ++items;
    changed.notify_all();
    is_told = true;
  }
};

struct good_store {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<int> items = 0;

  void take() {
    std::unique_lock lock(mutex);
    while (items == 0) {
      gap();
      changed.wait(lock);
    }
    --items;
    changed.notify_all();
  }
  void put() {
    std::unique_lock lock(mutex);
    while (items == 1)
      changed.wait(lock);
    ++items;
    changed.notify_all();
    is_told = true;
  }
};

void two_mutexes_bad() {
  store s;
  waits_until_told = true;
  std::thread taker([&] { s.take(); });
  wait_for_look();
  s.put();
  taker.join();
}

void one_mutex_ok() {
  good_store s;
  std::thread taker([&] { s.take(); });
  wait_for_look();
  s.put();
  taker.join();
}

// ThreadSanitizer sees that the wait gives back what is not held.
void deferred_wait_bad() {
  std::atomic<bool> has_waited = false, is_over = false;
  std::thread other([&] {
    while (!is_over) {
      { std::lock_guard lock(global_mutex); }
      global_changed.notify_all();
    }
  });
  std::unique_lock lock(global_mutex, std::defer_lock);
  global_changed.wait(lock, [&] { return has_waited.exchange(true); }); // expected-warning {{gives back 'global_mutex', which the thread does not hold}}
  global_mutex.unlock(); // the wait has taken it
  is_over = true;
  other.join();
}

SCENARIO_MAIN(SCENARIO(two_mutexes_bad), SCENARIO(one_mutex_ok), SCENARIO(deferred_wait_bad))
