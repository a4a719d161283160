// RUN: %heddle_verify --checks=check-then-act %s -- -std=c++20

// Two critical sections of one function: what the first one saw decides about the second one.
#include <deque>
#include <map>
#include <mutex>
#include <queue>
#include <set>
#include <shared_mutex>
#include <string>
#include <vector>

std::string render(int id);
void write_log(const char *text);

// [example: bad]
std::mutex pages_mutex;
std::map<int, std::string> pages;

void add_page_bad(int id) {
  bool known;
  {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    known = pages.count(id) > 0;
  }
  if (!known) {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    pages.emplace(id, "empty"); // expected-warning {{'pages' is changed here after a check}}
  }
}
// [end]

// [example: good]
void add_page_ok(int id) {
  const std::lock_guard<std::mutex> lock(pages_mutex);
  if (pages.count(id) == 0)
    pages.emplace(id, "empty");
}

void render_outside_ok(int id) {
  {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    if (pages.count(id) > 0)
      return;
  }
  std::string text = render(id);
  const std::lock_guard<std::mutex> lock(pages_mutex);
  if (pages.count(id) == 0) // what was true then need not be true now: asked again
    pages.emplace(id, text);
}
// [end]

void early_return_bad(int id) {
  {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    if (pages.count(id) > 0)
      return;
  }
  std::string text = render(id);
  const std::lock_guard<std::mutex> lock(pages_mutex);
  pages[id] = text; // expected-warning {{'pages' is changed here}}
}

std::mutex tasks_mutex;
std::deque<int> tasks;

int unlocked_between_bad() {
  std::unique_lock<std::mutex> lock(tasks_mutex);
  if (tasks.empty())
    return 0;
  lock.unlock();
  write_log("taking a task");
  lock.lock();
  int first = tasks.front();
  tasks.pop_front(); // expected-warning {{'tasks' is changed here}}
  return first;
}

void manual_locks_bad(int task) {
  tasks_mutex.lock();
  auto length = tasks.size();
  tasks_mutex.unlock();
  if (length < 100) {
    tasks_mutex.lock();
    tasks.push_back(task); // expected-warning {{'tasks' is changed here}}
    tasks_mutex.unlock();
  }
}

std::shared_mutex names_mutex;
std::set<std::string> names;

void upgraded_bad(const std::string &name) {
  {
    std::shared_lock<std::shared_mutex> reading(names_mutex);
    if (names.find(name) != names.end())
      return;
  }
  std::unique_lock<std::shared_mutex> writing(names_mutex);
  names.insert(name); // expected-warning {{'names' is changed here}}
}

bool upgraded_ok(const std::string &name) {
  {
    std::shared_lock<std::shared_mutex> reading(names_mutex);
    if (names.find(name) != names.end())
      return false;
  }
  std::unique_lock<std::shared_mutex> writing(names_mutex);
  auto [place, is_new] = names.insert(name); // says itself whether it was there
  return is_new;
}

std::mutex seats_mutex;
int free_seats = 10;

bool book_bad() {
  bool available;
  {
    const std::lock_guard<std::mutex> lock(seats_mutex);
    available = free_seats > 0;
  }
  if (!available)
    return false;
  const std::lock_guard<std::mutex> lock(seats_mutex);
  --free_seats; // expected-warning {{'free_seats' is changed here}}
  return true;
}

bool book_ok() {
  const std::lock_guard<std::mutex> lock(seats_mutex);
  if (free_seats == 0)
    return false;
  --free_seats;
  return true;
}

class account {
public:
  bool withdraw_bad(long amount) {
    mutex_.lock();
    bool enough = balance_ >= amount;
    mutex_.unlock();
    if (enough) {
      std::scoped_lock lock(mutex_);
      balance_ -= amount; // expected-warning {{'balance_' is changed here}}
    }
    return enough;
  }
  bool withdraw_ok(long amount) {
    std::scoped_lock lock(mutex_);
    bool enough = balance_ >= amount;
    if (enough)
      balance_ -= amount;
    return enough;
  }

private:
  std::mutex mutex_;
  long balance_ = 0;
};

template <typename T> class registry {
public:
  void add_bad(const T &value) {
    bool known = false;
    {
      std::lock_guard lock(mutex_);
      known = values_.count(value) != 0;
    }
    if (known)
      return;
    std::lock_guard lock(mutex_);
    values_.insert(value); // expected-warning {{'values_' is changed here}}
  }

private:
  std::mutex mutex_;
  std::set<T> values_;
};

void use_registry(registry<int> &numbers) { numbers.add_bad(1); }

int *shared_table = nullptr;
std::mutex table_mutex;

void make_table_bad() {
  {
    std::lock_guard lock(table_mutex);
    if (shared_table)
      return;
  }
  std::lock_guard lock(table_mutex);
  shared_table = new int[16]; // expected-warning {{'shared_table' is changed here}}
}

void lambda_acts_bad(int id) {
  bool known;
  {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    known = pages.count(id) > 0;
  }
  auto add = [&] {
    const std::lock_guard<std::mutex> lock(pages_mutex);
    pages.emplace(id, "empty");
  };
  if (!known)
    add(); // expected-warning {{'pages' is changed by this call after a check}}
}
