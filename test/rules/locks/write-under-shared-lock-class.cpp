// RUN: %heddle_verify --checks=write-under-shared-lock,inconsistent-guard %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Without a thread in sight: who takes a lock for reading lets others in like itself.
#include <atomic>
#include <map>
#include <mutex>
#include <shared_mutex>

class lookups {
public:
  int find_bad(int key) {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    ++lookups_; // expected-warning {{'lookups_' is written here while 'mutex_' is held for reading only; other readers are inside at the same time}}
    auto found = values_.find(key);
    return found == values_.end() ? 0 : found->second;
  }
  void remember_bad(int key) {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    recent_.insert({key, 1}); // expected-warning {{'recent_' is changed here while 'mutex_' is held for reading only; other readers are inside at the same time}}
  }
  void add(int key, int value) {
    std::unique_lock<std::shared_mutex> writing(mutex_);
    values_[key] = value;
  }

private:
  std::shared_mutex mutex_;
  std::map<int, int> values_, recent_;
  int lookups_ = 0;
};

class refreshed {
public:
  // The affair of the one thread that refreshes.
  void refresh_ok(int value) {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    last_ = value;
  }
  void count_ok() {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    ++counted_;
  }
  void count_under_own_lock_ok() {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    std::lock_guard<std::mutex> counting(own_);
    ++others_;
  }
  void count_exclusively_ok() {
    std::unique_lock<std::shared_mutex> writing(mutex_);
    ++all_;
  }

private:
  std::shared_mutex mutex_;
  std::mutex own_;
  std::atomic<int> counted_ = 0;
  int last_ = 0, others_ = 0, all_ = 0;
};
