// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20
// clang-format off: expectations stand on their lines

// The lock is taken by a guard of the project's own, or by a function that returns one.
#include <mutex>

class grab {
public:
  explicit grab(std::mutex &mutex) : mutex_(mutex) { mutex_.lock(); }
  ~grab() { mutex_.unlock(); }
  grab(const grab &) = delete;
  grab &operator=(const grab &) = delete;

private:
  std::mutex &mutex_;
};

class counter {
public:
  void up() {
    grab held(mutex_);
    ++count_;
  }
  void down() {
    grab held(mutex_);
    --count_;
  }
  void reset_bad() {
    count_ = 0; // expected-warning {{'count_' is written here without 'mutex_', which guards it in 'counter::}}
  }
  int count_ok() {
    grab held(mutex_);
    return count_;
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};

class holder {
public:
  void up() {
    auto held = hold();
    ++count_;
  }
  void down() {
    auto held = hold();
    --count_;
  }
  void reset_bad() {
    count_ = 0; // expected-warning {{'count_' is written here without 'mutex_', which guards it in 'holder::}}
  }

private:
  std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(mutex_); }
  std::mutex mutex_;
  int count_ = 0;
};

// A guard that was handed on and came back may hold the lock again.
std::unique_lock<std::mutex> pass_on(std::unique_lock<std::mutex> lock);

class handed_on_ok {
public:
  void add() {
    const std::lock_guard<std::mutex> hold(mutex_);
    ++count_;
  }
  void remove() {
    const std::lock_guard<std::mutex> hold(mutex_);
    --count_;
  }
  void renew() {
    std::unique_lock<std::mutex> lock(mutex_);
    lock = pass_on(std::move(lock));
    ++count_;
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};
