// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20
// clang-format off: expectations stand on their lines

// The lock of one object does not guard another object of the same class.
#include <memory>
#include <mutex>
#include <string>
#include <utility>

class account {
public:
  void deposit(long amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += amount;
  }
  long balance() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_;
  }
  void absorb_bad(account &other) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += other.balance_; // expected-warning {{'balance_' is read here with the 'mutex_' of another object, not its own, which guards it in 'account::deposit'}}
    other.balance_ = 0;
  }
  bool richer_than_bad(const account *other) const {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_ > other->balance_; // also told there
  }
  void absorb_ok(account &other) {
    std::scoped_lock lock(mutex_, other.mutex_);
    balance_ += other.balance_;
    other.balance_ = 0;
  }
  account() = default;
  account(account &&other) noexcept {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ = other.balance_;
  }
  account &operator=(const account &other) {
    std::scoped_lock lock(mutex_, other.mutex_);
    balance_ = other.balance_;
    return *this;
  }

private:
  mutable std::mutex mutex_;
  long balance_ = 0;
};

// A child that nobody else knows yet is told about its parent.
class node {
public:
  void adopt_ok(node *child) {
    std::lock_guard<std::mutex> lock(mutex_);
    child->parent_ = this;
    ++children_;
  }
  void move_to(node *parent) {
    std::lock_guard<std::mutex> lock(mutex_);
    parent_ = parent;
  }
  node *parent() {
    std::lock_guard<std::mutex> lock(mutex_);
    return parent_;
  }

private:
  std::mutex mutex_;
  node *parent_ = nullptr;
  int children_ = 0;
};

// A lock that stands elsewhere, held by who only looks at the object, is there for something else.
class item {
public:
  const std::string &name() const { return name_; }
  void rename_ok(std::string name) { name_ = std::move(name); }

private:
  std::string name_;
};

class registry {
public:
  static registry &instance() {
    static registry all;
    return all;
  }
  bool has(const std::string &name) {
    std::lock_guard<std::mutex> lock(mutex_);
    return first_ && first_->name() == name;
  }

private:
  std::mutex mutex_;
  std::shared_ptr<item> first_;
};

bool has(const std::string &name) { return registry::instance().has(name); }
