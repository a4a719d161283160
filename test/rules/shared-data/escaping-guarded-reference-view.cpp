// RUN: %heddle_verify --checks=escaping-guarded-reference %s -- -std=c++20

// Views refer to what they were made from, and what was chosen is one of the two.
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

class directory {
public:
  std::string_view name_bad() const {
    std::lock_guard lock(mutex_);
    return name_; // expected-warning {{a reference to 'name_' is returned, but 'mutex_', which guards it, is unlocked on the way out}}
  }
  std::string_view part_bad() const {
    std::lock_guard lock(mutex_);
    // expected-warning@+1 {{a reference to 'name_' is returned}}
    return std::string_view(name_).substr(1);
  }
  std::span<const int> ids_bad() const {
    std::lock_guard lock(mutex_);
    return std::span(ids_); // expected-warning {{a reference to 'ids_' is returned}}
  }
  const std::string &chosen_bad(bool first) const {
    std::lock_guard lock(mutex_);
    // expected-warning@+2 {{a reference to 'name_' is returned}}
    // expected-warning@+1 {{a reference to 'title_' is returned}}
    return first ? name_ : title_;
  }
  const std::string *found_bad(bool there) const {
    std::lock_guard lock(mutex_);
    return there ? &name_ : nullptr; // expected-warning {{a reference to 'name_' is returned}}
  }
  std::string_view viewed_bad(bool first) const {
    std::lock_guard lock(mutex_);
    std::string_view none;
    // expected-warning@+1 {{a reference to 'name_' is returned}}
    return first ? std::string_view(name_) : none;
  }

  std::string copy_ok() const {
    std::lock_guard lock(mutex_);
    return std::string(std::string_view(name_));
  }
  std::string copy_of_either_ok(bool first) const {
    std::lock_guard lock(mutex_);
    return first ? name_ : title_;
  }
  std::string_view fixed_ok() const {
    std::lock_guard lock(mutex_);
    return name_.empty() ? "none" : "some";
  }
  std::string_view constant_ok() const {
    std::lock_guard lock(mutex_);
    return kind_; // set by the constructor alone
  }
  std::shared_ptr<std::string> owner_ok(bool first) const {
    std::lock_guard lock(mutex_);
    return first ? shared_ : nullptr; // shares what it points to
  }
  std::size_t length_ok(bool first) const {
    std::lock_guard lock(mutex_);
    std::string_view text = first ? name_ : title_;
    return text.size();
  }
  void rename(std::string name) {
    std::lock_guard lock(mutex_);
    title_ = name;
    ids_.push_back(static_cast<int>(name.size()));
    shared_ = std::make_shared<std::string>(name);
    name_ = std::move(name);
  }

private:
  mutable std::mutex mutex_;
  std::string name_, title_;
  const std::string kind_ = "directory";
  std::vector<int> ids_;
  std::shared_ptr<std::string> shared_;
};
