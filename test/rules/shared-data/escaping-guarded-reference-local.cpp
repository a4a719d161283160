// RUN: %heddle_verify --checks=escaping-guarded-reference %s -- -std=c++20

// References, pointers, iterators and views that a function keeps for itself past the unlock.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

void print(const std::string &text);
void print(int number);

class log_file {
public:
  void add(std::string line) {
    std::lock_guard lock(mutex_);
    lines_.push_back(std::move(line));
    last_ = lines_.back();
  }
  void rename(int id, std::string name) {
    std::lock_guard lock(mutex_);
    names_[id] = std::move(name);
  }
  void forget(int id) {
    std::lock_guard lock(mutex_);
    names_.erase(id);
  }

  void reference_bad() {
    std::unique_lock lock(mutex_);
    const std::string &last = lines_.back();
    lock.unlock();
    print(
        last); // expected-warning {{'last' refers to 'lines_', and is used here after 'mutex_', which guards it, was unlocked}}
  }
  void pointer_bad() {
    std::string *first = nullptr;
    {
      std::lock_guard lock(mutex_);
      first = &lines_.front();
    }
    first->clear(); // expected-warning {{'first' refers to 'lines_'}}
  }
  void iterator_bad(int id) {
    mutex_.lock();
    auto found = names_.find(id);
    bool known = found != names_.end();
    mutex_.unlock();
    if (known)
      print(found->second); // expected-warning {{'found' refers to 'names_'}}
  }
  void loop_bad() {
    std::unique_lock lock(mutex_);
    for (const std::string &line : lines_) {
      lock.unlock();
      print(line); // expected-warning {{'line' refers to 'lines_'}}
      lock.lock();
    }
  }
  void whole_bad() {
    std::unique_lock lock(mutex_);
    auto &lines = lines_;
    lock.unlock();
    lines.push_back("unlocked"); // expected-warning {{'lines' refers to 'lines_'}}
  }
  void under_lambda_bad() {
    auto work = [this] {
      std::unique_lock lock(mutex_);
      std::string &last = last_;
      lock.unlock();
      last += "."; // expected-warning {{'last' refers to 'last_'}}
    };
    work();
  }

  void copied_ok() {
    std::unique_lock lock(mutex_);
    std::string last = lines_.back();
    lock.unlock();
    print(last);
  }
  void used_under_lock_ok() {
    std::unique_lock lock(mutex_);
    const std::string &last = lines_.back();
    print(last);
    lock.unlock();
  }
  void copied_from_reference_ok() {
    std::unique_lock lock(mutex_);
    const std::string &last = lines_.back();
    std::string copy = last;
    lock.unlock();
    print(copy);
  }
  void taken_again_ok() {
    std::unique_lock lock(mutex_);
    auto &lines = lines_;
    lock.unlock();
    print(1);
    lock.lock();
    lines.push_back("locked");
  }
  void bound_again_ok() {
    std::string own = "own";
    const std::string *text = nullptr;
    {
      std::lock_guard lock(mutex_);
      text = &lines_.front();
      print(*text);
    }
    text = &own;
    print(*text);
  }
  void compared_ok() {
    const std::string *text = nullptr;
    {
      std::lock_guard lock(mutex_);
      text = &lines_.front();
    }
    if (text != nullptr) // the number of the address, not what is there
      print(1);
  }
  void caller_locks_ok(std::unique_lock<std::mutex> &) {
    auto &lines = lines_;
    lines.push_back("by the caller's lock");
  }

private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
  std::map<int, std::string> names_;
  std::string last_;
};

struct job {
  bool running = false;
  int id = 0;
};

class scheduler {
public:
  void add(int id) {
    std::lock_guard lock(mutex_);
    jobs_[id] = {};
  }
  void finish(int id) {
    std::lock_guard lock(mutex_);
    jobs_.erase(id);
  }
  void claimed_ok(int id) {
    std::unique_lock lock(mutex_);
    job &mine = jobs_[id];
    if (mine.running)
      return;
    mine.running = true; // nobody else touches it from here on
    lock.unlock();
    print(mine.id);
  }
  void owned_ok(int id) {
    std::shared_ptr<job> mine;
    {
      std::lock_guard lock(mutex_);
      mine = shared_[id];
      shared_.erase(id);
    }
    print(mine->id);
  }
  void pointee_ok() {
    job *current;
    {
      std::lock_guard lock(mutex_);
      current = current_;
    }
    print(current->id);
  }
  void set(job *next) {
    std::lock_guard lock(mutex_);
    current_ = next;
  }

private:
  std::mutex mutex_;
  std::map<int, job> jobs_;
  std::map<int, std::shared_ptr<job>> shared_;
  job *current_ = nullptr;
};
