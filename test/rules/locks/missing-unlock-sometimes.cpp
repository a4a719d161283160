// RUN: %heddle_verify --checks=missing-unlock,double-lock,unlock-not-held %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t left_bad twice_bad told_bad early_bad
// RUN: timeout 60 %t ok

// Helpers that take or give back a lock on some of their ways only. Where a flag beside the lock
// says which way it was, that flag is followed; where nothing does, nothing is known any more.
#include "../scenarios.h"

#include <mutex>
#include <pthread.h>

std::mutex m;
int counter;
bool enabled = true;

/// A guard of the project's own.
class OwnGuard {
public:
  explicit OwnGuard(std::mutex &of) : lock_(of), owns_(false) { lock(); }
  ~OwnGuard() {
    if (owns_)
      unlock();
  }
  void lock() {
    lock_.lock();
    owns_ = true;
  }
  void unlock() {
    owns_ = false;
    lock_.unlock();
  }

private:
  std::mutex &lock_;
  bool owns_;
};

void guard_ok(int value) {
  OwnGuard guard(m);
  counter = value;
}

int returned_under_guard_ok() {
  OwnGuard guard(m);
  return counter;
}

void unlocked_early_ok(int value) {
  OwnGuard guard(m);
  if (value == 0) {
    guard.unlock();
    return;
  }
  counter = value;
  guard.unlock();
  guard.lock();
  ++counter;
}

void twice_bad() {
  OwnGuard guard(m);
  m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  ++counter;
  m.unlock();
}

/// Counts how often it was entered: a flag that no caller can look into.
class Reentrant {
public:
  void lock() {
    if (depth_++ == 0)
      lock_.lock();
  }
  void unlock() {
    if (--depth_ == 0)
      lock_.unlock();
  }
  void nested_ok() {
    lock();
    lock();
    ++value_;
    unlock();
    unlock();
  }
  void single_ok() {
    lock();
    ++value_;
    unlock();
  }

private:
  std::mutex lock_;
  int depth_ = 0;
  int value_ = 0;
};

/// Holds its lock from `begin` to `end`, however often each is called.
class Session {
public:
  void begin() {
    if (!open_)
      lock_.lock();
    open_ = true;
  }
  void end() {
    if (open_)
      lock_.unlock();
    open_ = false;
  }
  void whole_ok() {
    begin();
    ++value_;
    end();
  }
  void begun_twice_ok() {
    begin();
    begin();
    ++value_;
    end();
    end();
  }
  void begun_elsewhere_ok() {
    ++value_;
    end();
  }
  void taken_by_hand_ok() {
    lock_.lock();
    open_ = true;
    ++value_;
    end();
  }
  int left_bad(bool early) {
    begin();
    if (early)
      return 0; // expected-warning {{'lock_' stays locked}}
    int seen = ++value_;
    end();
    return seen;
  }

private:
  std::mutex lock_;
  bool open_ = false;
  int value_ = 0;
};

// One flag for both.
void enter() {
  if (enabled)
    m.lock();
}

void leave() {
  if (enabled)
    m.unlock();
}

void flag_ok(int value) {
  enter();
  counter = value;
  leave();
}

void flag_bad() {
  enter();
  int before = counter;
  if (before < 0)
    return; // expected-warning {{'m' stays locked when 'flag_bad' ends here}}
  counter = before - 1;
  leave();
}

// The caller says so itself.
void leave_if(bool wanted) {
  if (wanted)
    m.unlock();
}

void told_ok() {
  m.lock();
  leave_if(true);
}

bool told_bad(bool wanted, int value) {
  m.lock();
  counter = value;
  leave_if(wanted);
  return wanted && value > 0; // expected-warning {{'m' stays locked}}
}

// Nobody can tell what was done.
int pending();

void leave_if_idle() {
  if (pending() == 0)
    m.unlock();
}

void untold_ok() {
  m.lock();
  ++counter;
  leave_if_idle();
}

/// Waits at a condition with a count of its own, in pthread's words.
class Monitor {
public:
  Monitor() {
    pthread_mutex_init(&lock_, nullptr);
    pthread_cond_init(&changed_, nullptr);
  }
  void enter() {
    pthread_mutex_lock(&lock_);
    if (++depth_ > 1)
      pthread_mutex_unlock(&lock_);
  }
  void exit() {
    if (depth_-- == 1)
      pthread_mutex_unlock(&lock_);
  }
  void wait_ok() {
    enter();
    while (value_ == 0)
      pthread_cond_wait(&changed_, &lock_);
    exit();
  }

private:
  pthread_mutex_t lock_;
  pthread_cond_t changed_;
  int depth_ = 0, value_ = 0;
};

// Values that are made from what they were before.
bool each_other_ok(int rounds) {
  bool left;
  bool right;
  for (;; --rounds) {
    left = right || rounds > 2;
    right = left && rounds > 1;
    if (left || right)
      return m.try_lock() && (m.unlock(), true);
    if (rounds < 0)
      return false;
  }
}

int pending() { return 0; }

void left_bad() {
  counter = -1;
  flag_bad();
  flag_ok(1);
}

void helpers_ok() {
  guard_ok(1);
  returned_under_guard_ok();
  unlocked_early_ok(1);
  Session session;
  session.whole_ok();
  session.begun_twice_ok();
  session.taken_by_hand_ok();
  Reentrant reentrant;
  reentrant.nested_ok();
  reentrant.single_ok();
  flag_ok(1);
  told_ok();
  untold_ok();
}

const scenario all[] = {
    {"left_bad", left_bad},
    {"twice_bad", twice_bad},
    {"told_bad", [] { told_bad(false, 1); }, 1},
    {"early_bad",
     [] {
       Session session;
       session.left_bad(true);
       session.taken_by_hand_ok();
     }},
    {"helpers_ok", helpers_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
