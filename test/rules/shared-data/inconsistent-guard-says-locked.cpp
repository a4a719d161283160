// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20

// A function that locks and comes back to itself: what it is given then says that it has the lock.
#include <mutex>

class Locked {
public:
  void add() {
    std::lock_guard hold(mutex_);
    ++count_;
  }
  void remove() {
    std::lock_guard hold(mutex_);
    --count_;
  }
  void clear() {
    std::lock_guard hold(mutex_);
    count_ = 0;
  }
  int bump_ok(bool locked) {
    if (!locked) {
      std::lock_guard hold(mutex_);
      return bump_ok(true);
    }
    return ++count_;
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};

class GivenBack {
public:
  void add() {
    std::lock_guard hold(mutex_);
    ++count_;
  }
  void remove() {
    std::lock_guard hold(mutex_);
    --count_;
  }
  void clear() {
    std::lock_guard hold(mutex_);
    count_ = 0;
  }
  int bump_bad(bool again) {
    if (!again) {
      {
        std::lock_guard hold(mutex_);
      }
      return bump_bad(true);
    }
    return ++count_; // expected-warning {{'count_' is written here without 'mutex_'}}
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};
