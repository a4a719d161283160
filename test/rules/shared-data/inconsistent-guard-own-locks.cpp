// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20

// Locks and guards of the project's own, locks in parts of the object, and who outvotes whom.
#include <map>
#include <mutex>
#include <string>
#include <vector>

class critical_section {
public:
  void enter() { raw_.lock(); }
  void leave() { raw_.unlock(); }

private:
  std::mutex raw_;
};

class counter {
public:
  void add(int n) {
    section_.enter();
    sum_ += n;
    section_.leave();
  }
  void remove(int n) {
    section_.enter();
    sum_ -= n;
    section_.leave();
  }
  int sum_bad() const {
    return sum_; // expected-warning {{'sum_' is read here without 'section_', which guards it in 'counter::add' and 'counter::remove'}}
  }

private:
  critical_section section_;
  int sum_ = 0;
};

// The guard is a class, and takes the lock in an initialiser.
class session {
  struct hold {
    explicit hold(session &of) : lock(of.mutex_) {}
    std::lock_guard<std::mutex> lock;
  };

public:
  void rename(std::string name) {
    hold it(*this);
    name_ = std::move(name);
  }
  void clear() {
    hold it(*this);
    name_.clear();
  }
  bool is_named_bad() const {
    // expected-warning@+1 {{'name_' is used here without 'mutex_', which guards it in 'session::rename' and 'session::clear'}}
    return !name_.empty();
  }

private:
  std::mutex mutex_;
  std::string name_;
};

// Lock and data in a part.
class cache {
  struct shard {
    std::mutex mutex;
    std::map<int, int> values;
  };

public:
  void put(int key, int value) {
    std::lock_guard guard(shard_.mutex);
    shard_.values[key] = value;
  }
  void drop(int key) {
    std::lock_guard guard(shard_.mutex);
    shard_.values.erase(key);
  }
  void clear_bad() {
    shard_.values.clear(); // expected-warning {{'values' is changed here without 'shard_.mutex'}}
  }

private:
  shard shard_;
};

// Whoever changes it holds the lock; that two others only look does not make that a mistake.
class gauge {
public:
  void set(int level) {
    std::lock_guard guard(mutex_);
    level_ = level;
  }
  int level_bad() const {
    return level_; // expected-warning {{'level_' is read here without 'mutex_', which guards it in 'gauge::set'}}
  }
  bool is_high_bad() const { return level_ > limit_; }

private:
  mutable std::mutex mutex_;
  int level_ = 0, limit_ = 10;
};

// One function that mentions it often is one function.
class index_of_words {
public:
  void add(const std::string &word, int line) {
    std::lock_guard guard(mutex_);
    lines_[word] = line;
  }
  int find_bad(const std::string &word) const {
    // expected-warning@+1 {{'lines_' is used here without 'mutex_', which guards it in 'index_of_words::add'}}
    auto found = lines_.find(word);
    return found == lines_.end() ? -1 : found->second;
  }

private:
  mutable std::mutex mutex_;
  std::map<std::string, int> lines_;
};

// Set without the lock in more places than with it: who knows what the lock is for.
class options {
public:
  void reload(int verbosity) {
    std::lock_guard guard(mutex_);
    verbosity_ = verbosity;
    files_.clear();
  }
  void set_quiet_ok() { verbosity_ = 0; }
  void set_loud_ok() { verbosity_ = 3; }
  int verbosity_ok() const { return verbosity_; }

private:
  std::mutex mutex_;
  std::vector<std::string> files_;
  int verbosity_ = 1;
};

// The lock is its callers' to take.
class basket {
public:
  void lock_ok() { section_.enter(); }
  void unlock_ok() { section_.leave(); }
  void put_ok(int n) {
    section_.enter();
    held_ += n;
    section_.leave();
  }
  void put_more_ok(int n) {
    section_.enter();
    held_ += 2 * n;
    section_.leave();
  }
  int held_ok() const { return held_; }

private:
  critical_section section_;
  int held_ = 0;
};
