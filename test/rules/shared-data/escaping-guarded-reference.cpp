// RUN: %heddle_verify --checks=escaping-guarded-reference %s -- -std=c++20

// Members that take the lock, and hand out a way past it.
#include <atomic>
#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

// [example: bad]
class settings {
public:
  const std::string &name_bad() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return name_; // expected-warning {{a reference to 'name_' is returned, but 'mutex_', which guards it, is unlocked on the way out}}
  }
  void rename(std::string name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
  }

private:
  mutable std::mutex mutex_;
  std::string name_;
};
// [end]

// [example: good]
class copied_settings {
public:
  std::string name_ok() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return name_;
  }
  void rename(std::string name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
  }

private:
  mutable std::mutex mutex_;
  std::string name_;
};
// [end]

class more_settings {
public:
  std::string *pointer_bad() {
    std::unique_lock<std::mutex> lock(mutex_);
    return &name_; // expected-warning {{'name_' is returned}}
  }
  const char *text_bad() const {
    std::scoped_lock lock(mutex_);
    return name_.c_str(); // expected-warning {{'name_' is returned}}
  }
  void store_bad(const std::string **out) const {
    std::scoped_lock lock(mutex_);
    *out = &name_; // expected-warning {{'name_' is stored}}
  }
  void manual_bad(std::string *&out) {
    mutex_.lock();
    out = &name_; // expected-warning {{'name_' is stored}}
    mutex_.unlock();
  }
  void rename(std::string name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
  }

private:
  mutable std::mutex mutex_;
  std::string name_;
};

struct point {
  int x = 0, y = 0;
};

template <typename T> class table {
public:
  T &at_bad(std::size_t index) {
    std::lock_guard lock(mutex_);
    return rows_[index]; // expected-warning {{'rows_' is returned}}
  }
  typename std::vector<T>::iterator begin_bad() {
    std::shared_lock lock(mutex_);
    return rows_.begin(); // expected-warning {{'rows_' is returned}}
  }
  std::vector<T> copy_ok() {
    std::shared_lock lock(mutex_);
    return rows_;
  }
  void add(T row) {
    std::unique_lock lock(mutex_);
    rows_.push_back(std::move(row));
  }

private:
  std::shared_mutex mutex_;
  std::vector<T> rows_;
};

void use_table(table<point> &points) {
  points.at_bad(0).x = 1;
  points.begin_bad();
  points.copy_ok();
  points.add({});
}

std::mutex points_mutex;
std::map<int, point> points;

point &find_bad(int id) {
  std::lock_guard lock(points_mutex);
  return points.at(id); // expected-warning {{'points' is returned}}
}

void forget(int id) {
  std::lock_guard lock(points_mutex);
  points.erase(id);
}

// The lock goes with the reference.
class locked_settings {
public:
  std::pair<std::unique_lock<std::mutex>, std::string &> both_ok() {
    std::unique_lock<std::mutex> lock(mutex_);
    return {std::move(lock), name_};
  }
  std::string &out_lock_ok(std::unique_lock<std::mutex> &lock) {
    lock = std::unique_lock<std::mutex>(mutex_);
    return name_;
  }
  std::string &still_locked_ok() {
    mutex_.lock();
    return name_;
  }
  void unlock() { mutex_.unlock(); }
  // Callers hold the lock.
  std::string &unlocked_ok() { return name_; }
  void rename(std::string name) {
    const std::lock_guard<std::mutex> lock(mutex_);
    name_ = std::move(name);
  }

private:
  std::mutex mutex_;
  std::string name_;
};

// An annotation says that the caller holds it.
class __attribute__((capability("mutex"))) annotated_mutex {
public:
  void lock() __attribute__((acquire_capability())) { mutex_.lock(); }
  void unlock() __attribute__((release_capability())) { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

class annotated_settings {
public:
  const std::string &name_ok() const __attribute__((requires_capability(mutex_))) { return name_; }
  void rename(std::string name) {
    mutex_.lock();
    name_ = std::move(name);
    mutex_.unlock();
  }

private:
  mutable annotated_mutex mutex_;
  std::string name_;
};

// What never changes, or looks after itself, or is not in the guarded memory at all.
class catalogue {
public:
  explicit catalogue(std::string title) : title_(std::move(title)) {}
  const std::string &title_ok() const {
    std::lock_guard lock(mutex_);
    return title_;
  }
  std::atomic<int> &hits_ok(int id) {
    std::lock_guard lock(mutex_);
    return hits_[id];
  }
  struct counter {
    std::mutex mutex;
    int value = 0;
  };
  counter &counter_ok(int id) {
    std::lock_guard lock(mutex_);
    return counters_[id];
  }
  point *found_ok(int id) {
    std::lock_guard lock(mutex_);
    return by_id_[id].get();
  }
  point &pointee_ok(int id) {
    std::lock_guard lock(mutex_);
    return *by_id_[id];
  }
  std::shared_ptr<point> shared_ok(int id) {
    std::lock_guard lock(mutex_);
    return shared_[id];
  }
  point *slot_value_ok(int id) {
    std::lock_guard lock(mutex_);
    return raw_[id];
  }
  const std::string &interned_ok(const std::string &text) {
    std::lock_guard lock(mutex_);
    return names_.emplace_back(text); // a list keeps its elements where they are
  }
  int size_ok() const {
    std::lock_guard lock(mutex_);
    return static_cast<int>(by_id_.size());
  }
  catalogue &self_ok(int id) {
    std::lock_guard lock(mutex_);
    raw_[id] = nullptr;
    shared_.erase(id);
    hits_.erase(id);
    counters_.erase(id);
    return *this;
  }

private:
  mutable std::mutex mutex_;
  std::string title_;
  std::map<int, std::atomic<int>> hits_;
  std::map<int, counter> counters_;
  std::map<int, std::unique_ptr<point>> by_id_;
  std::map<int, std::shared_ptr<point>> shared_;
  std::map<int, point *> raw_;
  std::list<std::string> names_;
};
