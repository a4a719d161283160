// RUN: %heddle_verify --checks=check-then-act %s -- -std=c++20
// expected-no-diagnostics

// Code that looks at guarded data under one lock and changes something under another, rightly.
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

std::mutex mutex, other_mutex;
std::map<int, std::string> pages;
std::set<int> seen;
std::deque<std::function<void()>> tasks;
std::condition_variable wake;
bool stopping = false, started = false;
int active = 0, hits = 0, total = 0;
void write_log(const char *text);
std::string load(int id);

void only_logs_ok(int id) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = pages.count(id) > 0;
  }
  if (!known)
    write_log("unknown page");
  std::lock_guard lock(mutex);
  ++hits;
}

void after_both_ways_ok(int id) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = pages.count(id) > 0;
  }
  if (!known)
    write_log("unknown page");
  std::lock_guard lock(mutex);
  pages[id] = "new"; // whatever was there
}

void another_key_ok(int id, int other) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = pages.count(id) > 0;
  }
  if (known) {
    std::lock_guard lock(mutex);
    pages.emplace(other, "copy");
  }
}

void another_object_ok(int id) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = pages.count(id) > 0;
  }
  if (!known) {
    std::lock_guard lock(mutex);
    seen.insert(id);
  }
}

void another_lock_ok(int id) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = pages.count(id) > 0;
  }
  if (!known) {
    std::lock_guard lock(other_mutex);
    seen.insert(id);
  }
}

void flag_set_either_way_ok() {
  {
    std::lock_guard lock(mutex);
    if (started)
      return;
  }
  std::lock_guard lock(mutex);
  started = true;
}

void reset_statistics_ok() {
  int now;
  {
    std::lock_guard lock(mutex);
    now = hits;
  }
  if (now > 1000) {
    std::lock_guard lock(mutex);
    hits = 0;
  }
}

void one_unique_lock_ok(int id) {
  std::unique_lock lock(mutex);
  bool known = pages.count(id) > 0;
  if (!known)
    pages.emplace(id, "new");
}

void checked_again_ok(int id) {
  std::unique_lock lock(mutex);
  if (pages.count(id))
    return;
  lock.unlock();
  std::string text = load(id);
  lock.lock();
  if (pages.count(id))
    return;
  pages.emplace(id, text);
}

void found_again_ok(int id) {
  std::unique_lock lock(mutex);
  auto place = pages.find(id);
  if (place == pages.end())
    return;
  lock.unlock();
  std::string text = load(id);
  lock.lock();
  place = pages.find(id);
  if (place != pages.end())
    pages.erase(id);
}

void erased_by_key_ok(int id) {
  bool known;
  {
    std::lock_guard lock(mutex);
    known = seen.count(id) > 0;
  }
  if (known) {
    std::lock_guard lock(mutex);
    seen.erase(id); // says how many it erased, and erases nothing the second time
  }
}

void worker_ok() {
  std::unique_lock lock(mutex);
  for (;;) {
    wake.wait(lock, [] { return stopping || !tasks.empty(); });
    if (tasks.empty())
      return;
    auto task = std::move(tasks.front());
    tasks.pop_front();
    ++active;
    lock.unlock();
    task();
    lock.lock();
    --active;
  }
}

void drain_ok() {
  std::unique_lock lock(mutex);
  while (!tasks.empty()) {
    auto task = std::move(tasks.front());
    tasks.pop_front();
    lock.unlock();
    task();
    lock.lock();
  }
}

void requeue_ok() {
  std::function<void()> task;
  {
    std::lock_guard lock(mutex);
    if (tasks.empty())
      return;
    task = tasks.front();
    tasks.pop_front();
  }
  task();
  std::lock_guard lock(mutex);
  tasks.push_back(task);
}

void slot_ok() {
  {
    std::lock_guard lock(mutex);
    if (active >= 4)
      return;
    ++active;
  }
  load(1);
  std::lock_guard lock(mutex);
  --active;
}

void wait_between_ok() {
  {
    std::lock_guard lock(mutex);
    if (stopping)
      return;
  }
  std::unique_lock lock(mutex);
  while (tasks.empty())
    wake.wait(lock);
  tasks.pop_front();
}

void loop_counter_ok() {
  for (int i = 0; i < 10; ++i) {
    std::lock_guard lock(mutex);
    total += i;
  }
}

struct entry {
  std::mutex mutex;
  int value = 0;
};

void two_objects_ok(entry &from, entry &to) {
  int value;
  {
    std::lock_guard lock(from.mutex);
    value = from.value;
  }
  std::lock_guard lock(to.mutex);
  to.value = value;
}

std::shared_ptr<std::string> cached;

std::string cached_text_ok(int id) {
  {
    std::lock_guard lock(mutex);
    if (cached)
      return *cached;
  }
  auto fresh = std::make_shared<std::string>(load(id));
  std::lock_guard lock(mutex);
  cached = fresh; // the work was done twice, and that is all
  return *fresh;
}

class nested {
public:
  void add_ok(int id) {
    std::lock_guard lock(mutex_);
    if (!has(id))
      put(id);
  }

private:
  bool has(int id) const { return ids_.count(id) > 0; }
  void put(int id) { ids_.insert(id); }
  std::mutex mutex_;
  std::set<int> ids_;
};

class self_nested {
public:
  void add_ok(int id) {
    std::lock_guard lock(mutex_);
    if (!has(id))
      put(id);
  }

private:
  bool has(int id) {
    std::lock_guard lock(mutex_);
    return ids_.count(id) > 0;
  }
  void put(int id) {
    std::lock_guard lock(mutex_);
    ids_.insert(id);
  }
  std::recursive_mutex mutex_;
  std::set<int> ids_;
};

template <typename Work> void with_lock(Work work) {
  std::lock_guard lock(mutex);
  work();
}

void lambda_under_lock_ok(int id) {
  with_lock([&] {
    if (!pages.count(id))
      pages.emplace(id, "new");
  });
}

// Who has put itself into the queue, and waited until it came to the front, has the turn until it
// takes itself out again, whether or not it holds the lock meanwhile.
class log_writer {
public:
  void append_ok(int entries) {
    ticket mine;
    std::unique_lock lock(mutex_);
    waiting_.push_back(&mine);
    while (!mine.done && &mine != waiting_.front())
      mine.turn.wait(lock);
    if (mine.done)
      return;
    long next = last_sequence();
    lock.unlock();
    write_log("entries");
    lock.lock();
    set_last_sequence(next + entries);
    waiting_.pop_front();
  }

private:
  struct ticket {
    bool done = false;
    std::condition_variable turn;
  };
  long last_sequence() const { return last_; }
  void set_last_sequence(long number) { last_ = number; }
  std::mutex mutex_;
  std::deque<ticket *> waiting_;
  long last_ = 0;
};

// What is put there is what the function returns, worked out from the key: whoever comes second
// puts the same.
std::string load_page(int id);
std::string remembered_ok(int id) {
  {
    std::lock_guard lock(mutex);
    auto known = pages.find(id);
    if (known != pages.end())
      return known->second;
  }
  std::string page = load_page(id);
  std::lock_guard lock(mutex);
  pages.emplace(id, page);
  return page;
}

std::string refreshed_ok(int id) {
  {
    std::lock_guard lock(mutex);
    auto known = pages.find(id);
    if (known != pages.end() && !known->second.empty())
      return known->second;
  }
  std::string page = load_page(id);
  {
    std::lock_guard lock(mutex);
    pages[id] = page;
  }
  return page;
}

// The two ends of a ring: one thread adds here, and another one there.
class position {
public:
  int get() const {
    std::lock_guard lock(mutex_);
    return value_;
  }
  int wait_for_change(int from) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return value_ != from; });
    return value_;
  }
  void advance() {
    std::lock_guard lock(mutex_);
    ++value_;
    changed_.notify_all();
  }

private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
};

class frames {
public:
  bool put_ok(int frame) {
    int written = written_.get(), read = read_.get();
    while (written - read > 2)
      read = read_.wait_for_change(read);
    frames_[written % 4] = frame;
    written_.advance();
    return true;
  }
  bool take_ok(int &frame) {
    int read = read_.get(), written = written_.get();
    while (written - read < 1)
      written = written_.wait_for_change(written);
    if (read >= written)
      return false;
    frame = frames_[read % 4];
    read_.advance();
    return true;
  }

private:
  position written_, read_;
  int frames_[4];
};
