// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DSCHEDULED %s -o %t
// RUN: %each_hangs %t worker_bad threads_bad finish_bad slot_bad
// RUN: timeout 10 %t ok
// clang-format off: expectations stand on their lines

// State that is changed without the lock of those who wait for it. The run schedules the change
// between a waiter's look and its sleep.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#ifdef SCHEDULED
std::atomic<bool> has_looked;
void gap() {
  has_looked = true;
  has_looked.notify_all();
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
}
void wait_for_look() { has_looked.wait(false); }
#else
inline void wait_for_look() {}
inline void gap() {}
#endif

// [example: bad]
class worker {
public:
  ~worker() {
    stop = true; // expected-warning {{'stop' is changed here without 'mutex'}}
    changed.notify_all();
    thread.join();
  }
  void start() { thread = std::thread([this] { run(); }); }
  void run() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { bool done = stop; gap(); return done; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> stop = false;
  std::thread thread;
};
// [end]

// [example: good]
class careful_worker {
public:
  ~careful_worker() {
    {
      std::lock_guard lock(mutex);
      stop = true;
    }
    changed.notify_all();
    thread.join();
  }
  void start() { thread = std::thread([this] { run(); }); }
  void run() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { bool done = stop; gap(); return done; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> stop = false;
  std::thread thread;
};
// [end]

void threads_bad() {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<int> count = 0;
  std::thread waiter([&] {
    std::unique_lock lock(mutex);
    while (count == 0) {
      gap();
      changed.wait(lock);
    }
  });
  wait_for_look();
  ++count; // expected-warning {{'count' is changed here without 'mutex'}}
  changed.notify_one();
  waiter.join();
}

std::mutex global_mutex;
std::condition_variable global_changed;
std::atomic<bool> global_done;

void finish_bad() {
  global_done.store(true); // expected-warning {{'global_done' is changed here without 'global_mutex'}}
  global_changed.notify_one();
}

void wait_for_finish() {
  std::unique_lock lock(global_mutex);
  while (!global_done.load()) {
    gap();
    global_changed.wait(lock);
  }
}

template <typename T> struct slot {
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<T> value;

  void set_bad(T v) {
    value = v; // expected-warning {{'value' is changed here without 'mutex'}}
    changed.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { bool set = value.load() != 0; gap(); return set; });
  }
};

void use(slot<int> &s) {
  s.set_bad(1);
  s.wait();
}

// Near misses.
class gate {
public:
  void open_ok() {
    is_open = true;
    { std::lock_guard lock(mutex); } // who has looked is asleep by now
    changed.notify_all();
  }
  void open_with_lock_ok() {
    std::lock_guard lock(mutex);
    is_open = true;
    changed.notify_all();
  }
  void count_ok() {
    ++passed; // nobody waits for it
    changed.notify_all();
  }
  void close_ok() { is_open = false; } // nobody is told, nobody waits for it
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_open.load(); });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> is_open = false;
  std::atomic<int> passed = 0;
};

void use(gate &g) {
  g.open_ok();
  g.open_with_lock_ok();
  g.count_ok();
  g.close_ok();
  g.wait();
}

class sleeper {
public:
  void stop_ok() {
    stop = true;
    changed.notify_all();
  }
  void run() {
    std::unique_lock lock(mutex);
    while (!stop)
      changed.wait_for(lock, std::chrono::seconds(1));
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> stop = false;
};

class two_conditions {
public:
  void tell_others_ok() {
    ready = true;
    other.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return ready.load(); });
  }

private:
  std::mutex mutex;
  std::condition_variable changed, other;
  std::atomic<bool> ready = false;
};

class helper {
public:
  void finish_ok() {
    std::lock_guard lock(mutex);
    set_done();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return done.load(); });
  }

private:
  void set_done() {
    done = true;
    changed.notify_all();
  }
  std::mutex mutex;
  std::condition_variable changed;
  std::atomic<bool> done = false;
};

class waits_on_the_atomic {
public:
  void finish_ok() {
    done = true;
    done.notify_all();
  }
  void wait() { done.wait(false); }

private:
  std::atomic<bool> done = false;
};

template <typename Worker> void stop_at_once() {
  Worker w;
  w.start();
  wait_for_look();
}

template <typename Wait, typename Set> void meet(Wait wait, Set set) {
  std::thread waiter(wait);
  wait_for_look();
  set();
  waiter.join();
}

void slot_bad() {
  slot<int> s{};
  meet([&] { s.wait(); }, [&] { s.set_bad(1); });
}

SCENARIO_MAIN({"worker_bad", stop_at_once<worker>}, SCENARIO(threads_bad),
              {"finish_bad", [] { meet(wait_for_finish, finish_bad); }}, SCENARIO(slot_bad),
              {"careful_ok", stop_at_once<careful_worker>})
