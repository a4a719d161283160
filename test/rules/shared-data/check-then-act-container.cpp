// RUN: %heddle_verify --checks=check-then-act %s -- -std=c++20

// Containers that lock in each of their members: each call is safe, two of them are not.
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <queue>
#include <stdexcept>
#include <string>
#include <vector>

template <typename T> class safe_queue {
public:
  bool empty() const {
    std::lock_guard lock(mutex_);
    return items_.empty();
  }
  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }
  void push(T value) {
    std::lock_guard lock(mutex_);
    items_.push(std::move(value));
    filled_.notify_one();
  }
  T pop() {
    std::lock_guard lock(mutex_);
    T first = items_.front();
    items_.pop();
    return first;
  }
  std::optional<T> try_pop() {
    std::lock_guard lock(mutex_);
    if (items_.empty())
      return std::nullopt;
    T first = items_.front();
    items_.pop();
    return first;
  }
  T wait_and_pop() {
    std::unique_lock lock(mutex_);
    filled_.wait(lock, [this] { return !items_.empty(); });
    T first = items_.front();
    items_.pop();
    return first;
  }
  T wait_in_loop_and_pop() {
    std::unique_lock lock(mutex_);
    while (items_.empty())
      filled_.wait(lock);
    T first = items_.front();
    items_.pop();
    return first;
  }
  T pop_or_throw() {
    std::lock_guard lock(mutex_);
    if (items_.empty())
      throw std::out_of_range("empty");
    T first = items_.front();
    items_.pop();
    return first;
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable filled_;
  std::queue<T> items_;
};

void handle(int value);

safe_queue<int> jobs, other_jobs;

void empty_then_pop_bad() {
  if (!jobs.empty())
    handle(jobs.pop()); // expected-warning {{'items_' is changed by this call after a check}}
}

void size_then_pop_bad(safe_queue<int> &queue) {
  while (queue.size() > 0) {
    int value = queue.pop(); // expected-warning {{'items_' is changed by this call after a check}}
    handle(value);
  }
}

void kept_in_variable_bad() {
  const bool nothing = jobs.empty();
  if (nothing)
    return;
  handle(jobs.pop()); // expected-warning {{'items_' is changed by this call after a check}}
}

void pop_checks_itself_ok() {
  if (!jobs.empty())
    if (auto job = jobs.try_pop())
      handle(*job);
}

void pop_waits_ok() {
  if (!jobs.empty())
    handle(jobs.wait_and_pop());
}

void pop_waits_in_loop_ok() {
  if (!jobs.empty())
    handle(jobs.wait_in_loop_and_pop());
}

void pop_throws_ok() {
  if (!jobs.empty())
    handle(jobs.pop_or_throw());
}

void other_queue_ok() {
  if (other_jobs.size() < 10)
    jobs.push(1);
}

void only_logs_ok() {
  if (!jobs.empty())
    handle(static_cast<int>(jobs.size()));
}

class cache {
public:
  bool contains(const std::string &key) const {
    std::lock_guard lock(mutex_);
    return entries_.find(key) != entries_.end();
  }
  bool lookup(const std::string &key, int &value) const {
    std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found == entries_.end())
      return false;
    value = found->second;
    return true;
  }
  void put(const std::string &key, int value) {
    std::lock_guard lock(mutex_);
    entries_[key] = value;
  }
  void put_if_absent(const std::string &key, int value) {
    std::lock_guard lock(mutex_);
    if (!entries_.count(key))
      entries_[key] = value;
  }
  void erase(const std::string &key) {
    std::lock_guard lock(mutex_);
    entries_.erase(key);
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> entries_;
};

int compute(const std::string &key);

class service {
public:
  void contains_then_put_bad(const std::string &key) {
    if (!cache_.contains(key))
      cache_.put(key, compute(key)); // expected-warning {{'entries_' is changed by this call}}
  }
  int lookup_then_put_bad(const std::string &key) {
    int value = 0;
    if (cache_.lookup(key, value))
      return value;
    value = compute(key);
    cache_.put(key, value); // expected-warning {{'entries_' is changed by this call after a check}}
    return value;
  }
  void put_checks_ok(const std::string &key) {
    if (!cache_.contains(key))
      cache_.put_if_absent(key, compute(key));
  }
  void another_key_ok(const std::string &key, const std::string &alias) {
    if (!cache_.contains(key))
      cache_.put(alias, 1);
  }
  void erased_again_ok(const std::string &key) {
    if (cache_.contains(key))
      cache_.erase(key); // whoever is second erases nothing
  }

private:
  cache cache_;
};

// The members of a class that lock for themselves, called by its other members.
class meter {
public:
  long value() const {
    std::lock_guard lock(mutex_);
    return value_;
  }
  void set(long value) {
    std::lock_guard lock(mutex_);
    value_ = value;
  }
  void add(long value) {
    std::lock_guard lock(mutex_);
    value_ += value;
  }
  void raise_bad(long by) {
    long now = value();
    set(now + by); // expected-warning {{'value_' is set by this call from a value}}
  }
  void raise_ok(long by) { add(by); }

private:
  mutable std::mutex mutex_;
  long value_ = 0;
};

meter temperature;

void set_from_get_bad() {
  temperature.set(temperature.value() * 2); // expected-warning {{'value_' is set by this call}}
}

void set_anew_ok(long value) {
  if (temperature.value() != value)
    temperature.set(value); // the same for whoever comes, whatever was there
}

// One lock over both, taken by who calls: a recursive mutex lets the members take it again.
class ledger {
public:
  bool empty() const {
    std::lock_guard lock(mutex_);
    return lines_.empty();
  }
  void drop_last() {
    std::lock_guard lock(mutex_);
    lines_.pop_back();
  }
  void drop_bad() {
    if (!empty())
      drop_last(); // expected-warning {{'lines_' is changed by this call after a check}}
  }
  void drop_ok() {
    std::lock_guard lock(mutex_);
    if (!empty())
      drop_last();
  }

private:
  mutable std::recursive_mutex mutex_;
  std::vector<std::string> lines_;
};
