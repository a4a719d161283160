// RUN: %heddle_verify --checks=unsynchronized-lazy-init %s -- -std=c++20

// No thread in sight: what the classes themselves say about being shared.
#include <cassert>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>

struct table {
  int size = 7;
};

class registry {
public:
  void clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    guarded_elsewhere_ = nullptr;
  }

  table *get_bad() {
    if (!guarded_elsewhere_)
      guarded_elsewhere_ = new table; // expected-warning {{no lock is held, but elsewhere one is}}
    return guarded_elsewhere_;
  }

  // The lock is that of something else, and a flag found clear under it is no lock.
  void stop_other(registry &other) {
    const std::lock_guard<std::mutex> lock(other.mutex_);
    if (!is_stopping_)
      beside_.reset();
    other.guarded_elsewhere_ = nullptr;
  }

  table *beside_ok() {
    if (!beside_)
      beside_ = std::make_unique<table>();
    return beside_.get();
  }

  // Who asserts that there is none yet decides nothing.
  void forget_asserted() {
    const std::lock_guard<std::mutex> lock(mutex_);
    asserted_ = nullptr;
  }

  void set_asserted_ok() {
    assert(!asserted_);
    asserted_ = new table;
  }

  void set_demanded_ok() {
    if (asserted_)
      std::abort();
    asserted_ = new table;
  }

  // Who has claimed the flag is alone, with the lock or without.
  void forget_claimed() {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!is_busy_)
      claimed_ = nullptr;
  }

  void make_claimed_ok() {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (is_busy_)
        return;
      is_busy_ = true;
    }
    if (!claimed_)
      claimed_ = new table;
    const std::lock_guard<std::mutex> lock(mutex_);
    is_busy_ = false;
  }

  // Not every way to the write has tested for the same.
  int size_ok() const {
    if (size_ < 0 || size_ == 0)
      size_ = count();
    return size_;
  }

  const table &const_bad() const {
    if (!cached_)
      cached_ =
          std::make_unique<table>(); // expected-warning@-1 {{const members of a class with a lock}}
    return *cached_;
  }

  const table &const_locked_ok() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!locked_)
      locked_ = std::make_unique<table>();
    return *locked_;
  }

  // Not const, and guarded nowhere: who calls it is not known.
  table *unknown_ok() {
    if (!unknown_)
      unknown_ = new table;
    return unknown_;
  }

  table *through_locked_ok() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return make_locked_ok();
  }

private:
  table *make_locked_ok() {
    if (!private_)
      private_ = new table;
    return private_;
  }
  int count() const { return 3; }

  mutable std::mutex mutex_;
  table *guarded_elsewhere_ = nullptr;
  bool is_stopping_ = false;
  std::unique_ptr<table> beside_;
  table *asserted_ = nullptr;
  bool is_busy_ = false;
  table *claimed_ = nullptr;
  mutable int size_ = 0;
  mutable std::unique_ptr<table> cached_, locked_;
  table *unknown_ = nullptr;
  table *private_ = nullptr;
};

class single_threaded {
public:
  const table &get_ok() const {
    if (!cached_)
      cached_ = std::make_unique<table>();
    return *cached_;
  }

private:
  mutable std::unique_ptr<table> cached_;
};

table *plain_ok() {
  static table *made;
  if (!made)
    made = new table;
  return made;
}

bool is_set_up;
std::string text;

void set_up_ok() {
  if (!is_set_up) {
    text = "ready";
    is_set_up = true;
  }
}

int use_all(registry &all, single_threaded &plain) {
  all.clear();
  return all.get_bad()->size + all.size_ok() + all.const_bad().size + all.const_locked_ok().size +
         all.unknown_ok()->size + all.through_locked_ok()->size + plain.get_ok().size;
}
