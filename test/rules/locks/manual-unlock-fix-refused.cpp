// RUN: cp %s %t.cpp
// RUN: %exits 1 %heddle check --fix --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %s
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: timeout 60 %t

// With a guard, something would run under the lock that runs without it, or another lock would
// no longer be taken: there is no fix.
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

struct entry {
  ~entry();
};

class table {
public:
  void add() {
    const std::lock_guard<std::mutex> guard(mutex);
    all[1] = std::make_unique<entry>();
  }
  // ~entry takes the lock.
  void clear() {
    mutex.lock();
    auto old = std::move(all);
    all.clear();
    mutex.unlock();
  }
  int clear_and_count(bool wanted) {
    mutex.lock();
    if (wanted) {
      auto old = std::move(all);
      all.clear();
      mutex.unlock();
      return 1;
    }
    const int left = static_cast<int>(all.size());
    mutex.unlock();
    return left;
  }
  void forget() { const std::lock_guard<std::mutex> guard(mutex); }

private:
  std::mutex mutex;
  std::map<int, std::unique_ptr<entry>> all;
};

table entries;
entry::~entry() { entries.forget(); }

struct list {
  std::mutex mutex;
  std::vector<int> values;
  int cached = 0;

  void swap(list &with) {
    std::lock(mutex, with.mutex);
    values.swap(with.values);
    mutex.unlock();
    with.mutex.unlock();
  }

  int count() {
    const std::lock_guard<std::mutex> guard(mutex);
    return static_cast<int>(values.size());
  }

  // What is returned is computed without the lock.
  int refresh(bool anew) {
    mutex.lock();
    if (anew) {
      mutex.unlock();
      return count();
    }
    ++cached;
    mutex.unlock();
    return cached;
  }

  // Hand over hand.
  void hand_over(list &next) {
    mutex.lock();
    ++cached;
    next.mutex.lock();
    mutex.unlock();
    ++next.cached;
    next.mutex.unlock();
  }

  // The statement does more than that.
  void count_up() {
    mutex.lock(), ++cached;
    values.push_back(cached);
    mutex.unlock();
  }
};

int main() {
  entries.add();
  entries.clear();
  entries.add();
  list one, two;
  one.swap(two);
  one.hand_over(two);
  one.count_up();
  const bool done = entries.clear_and_count(true) == 1 && entries.clear_and_count(false) == 0;
  return done && one.refresh(true) == 1 && one.refresh(false) == 3 ? 0 : 1;
}
