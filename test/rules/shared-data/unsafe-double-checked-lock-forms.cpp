// RUN: %heddle_verify --checks=unsafe-double-checked-lock %s -- -std=c++20

// Members, templates, lambdas, helper functions and copies. No thread has to be in sight.
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>

struct table {
  int size = 7;
};

class singleton {
public:
  static singleton *get_bad() {
    if (!self) { // expected-warning {{'self' is tested here without 'guard'}}
      std::scoped_lock lock(guard);
      if (!self)
        self = new singleton;
    }
    return self;
  }

private:
  static singleton *self;
  static std::mutex guard;
};
singleton *singleton::self = nullptr;
std::mutex singleton::guard;

class cache {
public:
  table *get_bad() {
    if (!made_) { // expected-warning {{'made_' is tested here without}}
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!made_)
        made_ = new table;
    }
    return made_;
  }

  table *through_helper_bad() {
    if (!helped_) // expected-warning {{'helped_' is tested here without}}
      make();
    return helped_;
  }

  const table &smart_bad() {
    if (!smart_) { // expected-warning {{'smart_' is tested here without}}
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!smart_)
        smart_ = std::make_unique<table>();
    }
    return *smart_;
  }

  void asked_bad() {
    if (!is_ready()) {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!is_ready()) {
        prepare();
        ready_ = true;
      }
    }
  }

  void helper_sets_bad() {
    if (!set_) { // expected-warning {{'set_' is tested here without}}
      mutex_.lock();
      if (!set_)
        set();
      mutex_.unlock();
    }
  }

  void stop_bad() {
    if (stopped_) // expected-warning {{'stopped_' is tested here without}}
      return;
    std::unique_lock<std::mutex> lock(mutex_);
    if (stopped_)
      return;
    stopped_ = true;
    prepare();
  }

private:
  void make() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (helped_ == nullptr)
      helped_ = new table;
  }
  void set() { set_ = new table; }
  bool is_ready() const { return ready_; } // expected-warning {{'ready_' is tested here without}}
  void prepare() { prepared_ = 5; }

  std::mutex mutex_;
  table *made_ = nullptr;
  table *helped_ = nullptr;
  table *set_ = nullptr;
  std::unique_ptr<table> smart_;
  bool ready_ = false;
  bool stopped_ = false;
  int prepared_ = 0;
};

std::mutex global_mutex;

table *copied;

table *copy_bad() {
  table *found = copied; // expected-warning {{'copied' is tested here without}}
  if (!found) {
    const std::lock_guard<std::mutex> lock(global_mutex);
    found = copied;
    if (!found) {
      found = new table;
      copied = found;
    }
  }
  return found;
}

table *static_local_bad() {
  static table *made;
  static std::mutex guard;
  if (__builtin_expect(!made, 0)) { // expected-warning {{'made' is tested here without 'guard'}}
    const std::lock_guard<std::mutex> lock(guard);
    if (!made)
      made = new table;
  }
  return made;
}

volatile bool volatile_flag;
int behind_flag;

void volatile_bad() {
  if (volatile_flag != true) { // expected-warning {{'volatile_flag' is tested here without}}
    const std::lock_guard<std::mutex> lock(global_mutex);
    if (volatile_flag != true) {
      behind_flag = 3;
      volatile_flag = true;
    }
  }
}

enum class state { fresh, done };
state current = state::fresh;

void enumeration_bad() {
  if (current == state::fresh) { // expected-warning {{'current' is tested here without}}
    const std::lock_guard<std::mutex> lock(global_mutex);
    if (current == state::fresh) {
      behind_flag = 4;
      current = state::done;
    }
  }
}

template <typename T> class lazy {
public:
  T *get_bad() {
    if (!value_) { // expected-warning {{'value_' is tested here without}}
      const std::lock_guard<std::mutex> lock(mutex_);
      if (!value_)
        value_ = new T;
    }
    return value_;
  }

private:
  std::mutex mutex_;
  T *value_ = nullptr;
};

int use_lazy(lazy<table> &made) { return made.get_bad()->size; }

table *in_lambda;

void lambda_bad() {
  auto make = [] {
    if (!in_lambda) { // expected-warning {{'in_lambda' is tested here without}}
      const std::lock_guard<std::mutex> lock(global_mutex);
      if (!in_lambda)
        in_lambda = new table;
    }
  };
  make();
}

std::atomic<bool> set_relaxed{false};
int behind_relaxed;

void relaxed_store_bad() {
  if (!set_relaxed.load(
          std::memory_order_acquire)) { // expected-warning@-1 {{set with a relaxed store}}
    const std::lock_guard<std::mutex> lock(global_mutex);
    if (!set_relaxed.load(std::memory_order_relaxed)) {
      behind_relaxed = 8;
      set_relaxed.store(true, std::memory_order_relaxed);
    }
  }
}
