// RUN: %heddle_verify --checks=lost-wakeup %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DSCHEDULED %s -o %t
// RUN: %each_hangs %t event_bad queue_bad global_bad
// RUN: timeout 10 %t ok

// A notification that comes before the change that it is about. The run lets the waiter look in
// between.
#include "../scenarios.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <queue>
#include <thread>

#ifdef SCHEDULED
inline void gap() { std::this_thread::sleep_for(std::chrono::milliseconds(500)); }
#else
inline void gap() {}
#endif

class event {
public:
  void set_bad() {
    changed.notify_all();
    // expected-warning@-1 {{'changed' is notified here before 'is_set' is changed}}
    gap();
    std::lock_guard lock(mutex);
    is_set = true;
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class careful_event {
public:
  void set_ok() {
    std::lock_guard lock(mutex);
    changed.notify_all(); // who is woken gets no further before the section ends
    gap();
    is_set = true;
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class queue {
public:
  void push_bad(int item) {
    std::unique_lock lock(mutex);
    ++pushes;
    lock.unlock();
    changed.notify_one();
    // expected-warning@-1 {{'changed' is notified here before 'items' is changed}}
    gap();
    lock.lock();
    items.push(item);
  }
  int pop() {
    std::unique_lock lock(mutex);
    while (items.empty())
      changed.wait(lock);
    int item = items.front();
    items.pop();
    return item;
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  std::queue<int> items;
  int pushes = 0;
};

std::mutex global_mutex;
std::condition_variable global_changed;
bool global_done;

void finish_bad() {
  global_changed.notify_one();
  // expected-warning@-1 {{'global_changed' is notified here before 'global_done' is changed}}
  gap();
  std::lock_guard lock(global_mutex);
  global_done = true;
}

void wait_for_finish() {
  std::unique_lock lock(global_mutex);
  while (!global_done)
    global_changed.wait(lock);
}

// Near misses.
class told_again {
public:
  void set_ok() {
    changed.notify_all();
    {
      std::lock_guard lock(mutex);
      is_set = true;
    }
    changed.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class told_by_others {
public:
  void set_ok() {
    changed.notify_all();
    std::lock_guard lock(mutex);
    is_set = true;
  }
  void poke() { changed.notify_all(); }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class told_in_a_loop {
public:
  void run_ok() {
    for (;;) {
      changed.notify_all();
      std::lock_guard lock(mutex);
      ++rounds;
    }
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return rounds > 3; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  int rounds = 0;
};

class looks_now_and_then {
public:
  void set_ok() {
    changed.notify_all();
    std::lock_guard lock(mutex);
    is_set = true;
  }
  void wait() {
    std::unique_lock lock(mutex);
    while (!is_set)
      changed.wait_for(lock, std::chrono::seconds(1));
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class reset_afterwards {
public:
  void set_ok(bool again) {
    {
      std::lock_guard lock(mutex);
      is_set = true;
    }
    changed.notify_all();
    if (again) {
      std::lock_guard lock(mutex);
      is_set = false; // nobody waits for that
    }
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class pulse {
public:
  void pulse_ok() {
    std::unique_lock lock(mutex);
    is_set = true;
    lock.unlock();
    changed.notify_all();
    lock.lock();
    is_set = false; // who came in time has seen it
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

class notified_by_whom_it_is_handed_to {
public:
  explicit notified_by_whom_it_is_handed_to(void (*watch)(std::condition_variable *)) {
    watch(&changed);
  }
  void set_ok() {
    changed.notify_all();
    std::lock_guard lock(mutex);
    is_set = true;
  }
  void wait() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return is_set; });
  }

private:
  std::mutex mutex;
  std::condition_variable changed;
  bool is_set = false;
};

template <typename Wait, typename Set> void meet(Wait wait, Set set) {
  std::thread waiter(wait);
  gap(); // the waiter sleeps
  set();
  waiter.join();
}

void event_bad() {
  event e;
  meet([&] { e.wait(); }, [&] { e.set_bad(); });
}

void queue_bad() {
  queue q;
  meet([&] { q.pop(); }, [&] { q.push_bad(1); });
}

void global_bad() { meet(wait_for_finish, finish_bad); }

void careful_ok() {
  careful_event e;
  meet([&] { e.wait(); }, [&] { e.set_ok(); });
}

SCENARIO_MAIN(SCENARIO(event_bad), SCENARIO(queue_bad), SCENARIO(global_bad), SCENARIO(careful_ok))
