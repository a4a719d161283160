// RUN: %heddle_verify --checks=unlock-not-held,missing-unlock,double-lock %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %exits 66 %t refused_bad
// RUN: %exits 66 %t after_a_look_bad
// RUN: %t ok

// A callee that takes a plain lock and gives it back says that its caller does not hold it.
#include "../scenarios.h"

#include <mutex>

namespace {

class connection {
public:
  bool enter() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (socket_ < 0)
      return false;
    ++users_;
    return true;
  }
  bool try_enter() {
    std::unique_lock<std::mutex> lock(mutex_, std::try_to_lock);
    return lock && socket_ >= 0;
  }

  int replace_bad(int socket) {
    int old = -1;
    if (!enter())
      goto failed;
    mutex_.lock();
    old = socket_;
    socket_ = socket;
  failed:
    mutex_.unlock(); // expected-warning {{'mutex_' is unlocked a second time}}
    return old;
  }
  int replace_ok(int socket) {
    if (!enter())
      return -1;
    mutex_.lock();
    int old = socket_;
    socket_ = socket;
    mutex_.unlock();
    return old;
  }
  // Whoever calls it has the lock.
  void leave_ok() {
    --users_;
    mutex_.unlock();
  }
  // Whoever calls it may have the lock, and the attempt fails.
  void leave_after_try_ok() {
    if (!try_enter())
      mutex_.unlock();
  }
  // Only some calls take it.
  void count(bool locked) {
    if (locked)
      mutex_.lock();
    ++users_;
    if (locked)
      mutex_.unlock();
  }
  void leave_counted_ok(bool locks) {
    count(locks);
    mutex_.unlock();
  }
  // It waits for nobody.
  bool look_ok() {
    mutex_.lock();
    bool entered = try_enter();
    mutex_.unlock();
    return entered;
  }
  void whole_ok() {
    mutex_.lock();
    leave_ok();
    mutex_.lock();
    leave_counted_ok(false);
  }

private:
  std::mutex mutex_;
  int socket_ = -1, users_ = 0;
};

std::mutex m;
int counter;

int look() {
  std::lock_guard<std::mutex> lock(m);
  return counter;
}

void after_a_look_bad() {
  if (look() == 0)
    m.unlock(); // expected-warning {{'m' is unlocked a second time}}
}

class nested {
public:
  int look() {
    std::lock_guard<std::recursive_mutex> lock(mutex_);
    return counter;
  }
  // A caller may have it all the while.
  void look_and_leave_ok() {
    look();
    mutex_.unlock();
  }
  void whole_ok() {
    mutex_.lock();
    look_and_leave_ok();
  }

private:
  std::recursive_mutex mutex_;
};

void refused_bad() { connection().replace_bad(1); }

void whole_ok() {
  connection one;
  one.replace_ok(1);
  one.whole_ok();
  nested two;
  two.whole_ok();
}

} // namespace

SCENARIO_MAIN(SCENARIO(refused_bad), SCENARIO(after_a_look_bad), SCENARIO(whole_ok))
