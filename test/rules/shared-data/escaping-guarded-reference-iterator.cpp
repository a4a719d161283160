// RUN: %heddle_verify --checks=escaping-guarded-reference %s -- -std=c++20
// clang-format off: expectations stand on their lines

// By way of an iterator that has a name.
#include <map>
#include <mutex>
#include <string>
#include <vector>

class users {
public:
  const std::string &name_bad(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = names_.find(id);
    if (found == names_.end())
      throw id;
    return found->second; // expected-warning {{a reference to 'second' is returned, but 'mutex_', which guards it, is unlocked on the way out}}
  }
  int *first_bad() {
    std::lock_guard<std::mutex> lock(mutex_);
    auto first = recent_.begin();
    return &*first; // expected-warning {{a reference to 'recent_' is returned, but 'mutex_', which guards it, is unlocked on the way out}}
  }
  std::string name_ok(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = names_.find(id);
    return found == names_.end() ? std::string() : found->second;
  }
  int newest_ok() {
    std::lock_guard<std::mutex> lock(mutex_);
    auto last = recent_.rbegin();
    return *last;
  }
  void rename(int id, std::string name) {
    std::lock_guard<std::mutex> lock(mutex_);
    auto found = names_.find(id);
    if (found != names_.end())
      found->second = std::move(name);
  }
  void forget(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    names_.erase(id);
    recent_.clear();
  }

private:
  std::mutex mutex_;
  std::map<int, std::string> names_;
  std::vector<int> recent_;
};
