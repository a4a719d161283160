// RUN: %heddle_verify --checks=unguarded-copy,inconsistent-guard %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t constructed_bad
// RUN: %t ok

// Copies of objects that are in use.
#include "../scenarios.h"

#include <mutex>
#include <thread>
#include <utility>
#include <vector>

// [example: bad]
class account {
public:
  account() = default;
  account(const account &other)
      : balance_(other.balance_) { // expected-warning {{copied here without 'other.mutex_'}}
    is_copy_ = true;
  }
  void deposit(long amount) {
    std::lock_guard lock(mutex_);
    balance_ += amount;
  }

private:
  mutable std::mutex mutex_;
  long balance_ = 0;
  bool is_copy_ = false;
};
// [end]

class journal {
public:
  journal() = default;
  journal(const journal &other) {
    std::lock_guard lock(mutex_);
    lines_ = other.lines_; // expected-warning {{'lines_' is copied here without 'other.mutex_'}}
  }
  journal &operator=(const journal &other) {
    if (this == &other)
      return *this;
    std::lock_guard lock(mutex_);
    lines_ = other.lines_; // expected-warning {{'lines_' is copied here without 'other.mutex_'}}
    return *this;
  }
  void add(int line) {
    std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> lines_;
};

/// Too late: the members are initialised before.
class late {
public:
  late() = default;
  late(const late &other)
      : value_(other.value_) { // expected-warning {{'value_' is copied here without}}
    std::lock_guard lock(other.mutex_);
    more_ = other.more_;
  }
  void set(int value) {
    std::lock_guard lock(mutex_);
    value_ = more_ = value;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0, more_ = 0;
};

template <typename T> class cell {
public:
  cell() = default;
  cell(const cell &other) {
    value_ = other.value_; // expected-warning {{'value_' is copied here without}}
  }
  void set(T value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

private:
  mutable std::mutex mutex_;
  T value_{};
};
void use(cell<int> &c) {
  c.set(1);
  cell<int> copy(c);
  copy.set(2);
}

// [example: good]
class guarded {
public:
  guarded() = default;
  guarded(const guarded &other) {
    std::lock_guard lock(other.mutex_);
    balance_ = other.balance_;
  }
  guarded &operator=(const guarded &other) {
    if (this != &other) {
      std::scoped_lock lock(mutex_, other.mutex_);
      balance_ = other.balance_;
    }
    return *this;
  }
  void deposit(long amount) {
    std::lock_guard lock(mutex_);
    balance_ += amount;
  }

private:
  mutable std::mutex mutex_;
  long balance_ = 0;
};
// [end]

class delegating {
public:
  delegating() = default;
  delegating(const delegating &other) : delegating(other, std::lock_guard(other.mutex_)) {}
  void set(int value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

private:
  delegating(const delegating &other, const std::lock_guard<std::mutex> &) : value_(other.value_) {}
  mutable std::mutex mutex_;
  int value_ = 0;
};

class by_getter {
public:
  by_getter() = default;
  by_getter(const by_getter &other) : value_(other.get()) {}
  int get() const {
    std::lock_guard lock(mutex_);
    return value_;
  }
  void set(int value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }

private:
  mutable std::mutex mutex_;
  int value_ = 0;
};

/// What never changes needs no lock.
class named {
public:
  explicit named(int id) : id_(id) {}
  named(const named &other) : id_(other.id_) {}
  void set(int value) {
    std::lock_guard lock(mutex_);
    value_ = value + id_;
  }

private:
  mutable std::mutex mutex_;
  const int id_;
  int value_ = 0;
};

/// Nobody else has what is moved from.
class movable {
public:
  movable() = default;
  movable(movable &&other) : lines_(std::move(other.lines_)) {}
  void add(int line) {
    std::lock_guard lock(mutex_);
    lines_.push_back(line);
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> lines_;
};

class unguarded {
public:
  unguarded() = default;
  unguarded(const unguarded &other) : value_(other.value_) {}
  void set(int value) { value_ = value; }

private:
  int value_ = 0;
};

template <typename T, typename Copy> void beside(T &object, Copy copy) {
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i)
      copy(object);
  });
  for (int i = 0; i < 1000; ++i)
    if constexpr (requires { object.deposit(1); })
      object.deposit(1);
    else
      object.add(1);
  other.join();
}

void constructed_bad() {
  account a;
  beside(a, [](account &from) {
    account copy(from);
    copy.deposit(1);
  });
}

void assigned_bad() {
  journal j;
  beside(j, [](journal &from) {
    journal copy;
    copy = from;
    copy.add(1);
  });
}

void locked_ok() {
  guarded g;
  beside(g, [](guarded &from) {
    guarded copy(from);
    copy = from;
  });
}

SCENARIO_MAIN(SCENARIO(constructed_bad), SCENARIO(locked_ok))
