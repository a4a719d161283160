// RUN: %heddle_verify --checks=inconsistent-guard %s -- -std=c++20
// clang-format off: expectations stand on their lines

// Static members, members of private classes, implementations behind a pointer.
#include <algorithm>
#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

struct plugin {
  std::string name;
};

class registry_bad {
public:
  static void add(plugin *one) {
    const std::lock_guard hold(mutex_);
    plugins_.push_back(one);
  }
  static void remove(plugin *one) {
    const std::lock_guard hold(mutex_);
    std::erase(plugins_, one);
  }
  static plugin *find(std::string_view name) {
    for (plugin *each : plugins_) // expected-warning {{'plugins_' is used here without 'mutex_', which guards it in 'registry_bad::add' and 'registry_bad::remove'}}
      if (each->name == name)
        return each;
    return nullptr;
  }

private:
  static inline std::mutex mutex_;
  static inline std::vector<plugin *> plugins_;
};

class registry_ok {
public:
  static void add(plugin *one) {
    const std::lock_guard hold(mutex_);
    if (!has(one))
      plugins_.push_back(one);
  }
  static void remove(plugin *one) {
    const std::lock_guard hold(mutex_);
    if (has(one))
      std::erase(plugins_, one);
  }
  static std::size_t most() { return most_; }

private:
  // Its callers have the lock.
  static bool has(plugin *one) { return std::find(plugins_.begin(), plugins_.end(), one) != plugins_.end(); }

  static inline std::mutex mutex_;
  static inline std::vector<plugin *> plugins_;
  static inline std::size_t most_ = 16;
};

class hits_bad {
public:
  void hit(const std::string &page) {
    shard &here = pick(page);
    const std::lock_guard hold(here.mutex);
    ++here.hits[page];
  }
  void forget(const std::string &page) {
    shard &here = pick(page);
    const std::lock_guard hold(here.mutex);
    here.hits.erase(page);
  }
  std::size_t pages() const {
    std::size_t all = 0;
    for (const shard &each : shards_)
      all += each.hits.size(); // expected-warning {{'hits' is used here without 'mutex', which guards it in 'hits_bad::hit' and 'hits_bad::forget'}}
    return all;
  }

private:
  struct shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, int> hits;
  };
  shard &pick(const std::string &page) { return shards_[std::hash<std::string>()(page) % shards_.size()]; }
  std::array<shard, 4> shards_;
};

class hits_ok {
public:
  void hit(const std::string &page) {
    shard &here = pick(page);
    const std::lock_guard hold(here.mutex);
    ++here.hits[page];
  }
  void forget(const std::string &page) {
    shard &here = pick(page);
    const std::lock_guard hold(here.mutex);
    here.hits.erase(page);
  }
  std::size_t pages() const {
    std::size_t all = 0;
    for (const shard &each : shards_) {
      const std::lock_guard hold(each.mutex);
      all += each.hits.size();
    }
    return all;
  }

private:
  struct shard {
    mutable std::mutex mutex;
    std::unordered_map<std::string, int> hits;
  };
  shard &pick(const std::string &page) { return shards_[std::hash<std::string>()(page) % shards_.size()]; }
  std::array<shard, 4> shards_;
};

// Anybody can name the part and take its lock.
struct public_part {
  std::mutex mutex;
  std::deque<int> items;
};
class whole_ok {
public:
  void add(int item) {
    const std::lock_guard hold(part_.mutex);
    part_.items.push_back(item);
  }
  public_part &part() { return part_; }

private:
  public_part part_;
};
std::size_t count_locked(public_part &part) { return part.items.size(); }

class mailbox_bad {
public:
  mailbox_bad();
  ~mailbox_bad();
  void post(std::string message);
  bool poll(std::string &into);
  std::size_t backlog() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};
struct mailbox_bad::state {
  std::mutex mutex;
  std::deque<std::string> queue;
  bool closed = false;
};
mailbox_bad::mailbox_bad() : state_(std::make_unique<state>()) {}
mailbox_bad::~mailbox_bad() = default;
void mailbox_bad::post(std::string message) {
  const std::lock_guard hold(state_->mutex);
  state_->queue.push_back(std::move(message));
}
// Others change the container while it is asked.
bool mailbox_bad::poll(std::string &into) {
  if (state_->queue.empty()) // expected-warning {{'queue' is used here without 'mutex', which guards it in 'mailbox_bad::post' and 2 other functions}}
    return false;
  const std::lock_guard hold(state_->mutex);
  into = std::move(state_->queue.front());
  state_->queue.pop_front();
  return true;
}
std::size_t mailbox_bad::backlog() const {
  const std::lock_guard hold(state_->mutex);
  return state_->queue.size();
}

// An array has always as many elements: to ask it how many is no access.
class stripes_ok {
public:
  void put(const std::string &key, int value) {
    const std::size_t at = bucket(key);
    const std::lock_guard hold(locks_[at % locks_.size()]);
    buckets_[at].emplace_back(key, value);
  }
  bool has(const std::string &key) {
    const std::size_t at = bucket(key);
    const std::lock_guard hold(locks_[at % locks_.size()]);
    for (auto &each : buckets_[at])
      if (each.first == key)
        return true;
    return false;
  }
  void clear() {
    for (std::size_t at = 0; at < buckets_.size(); ++at) {
      const std::lock_guard hold(locks_[at % locks_.size()]);
      buckets_[at].clear();
    }
  }

private:
  static std::size_t bucket(const std::string &key) { return std::hash<std::string>{}(key) % 64; }
  std::array<std::mutex, 8> locks_;
  std::array<std::vector<std::pair<std::string, int>>, 64> buckets_;
};

class samples_bad {
public:
  void set(std::size_t at, int value) {
    const std::lock_guard hold(mutex_);
    values_[at] = value;
  }
  void clear() {
    const std::lock_guard hold(mutex_);
    values_.fill(0);
  }
  int first() const { return values_[0]; } // expected-warning {{'values_' is read here without 'mutex_', which guards it in 'samples_bad::set' and 'samples_bad::clear'}}
  std::size_t size() const { return values_.size(); }

private:
  mutable std::mutex mutex_;
  std::array<int, 16> values_{};
};

// The lock guards what the pointer leads to, not the pointer.
struct buffer {
  std::mutex mutex;
  int fill = 0;
};
class renewed_ok {
public:
  renewed_ok() : buffer_(std::make_unique<buffer>()) {}
  void renew() {
    {
      const std::lock_guard hold(buffer_->mutex);
      buffer_->fill = 0;
    }
    buffer_.reset(new buffer);
  }

private:
  std::unique_ptr<buffer> buffer_;
};
