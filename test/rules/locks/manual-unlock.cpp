// RUN: %heddle_verify --checks=manual-unlock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %hangs %t throws_bad
// RUN: timeout 60 %t ok

// Locks that are given back by hand, where a guard would do it, and where none could.
#include "../scenarios.h"

#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>

std::mutex m;
std::recursive_mutex again;
std::shared_mutex rw;
std::map<int, std::string> names;
int counter;

// [example: bad]
void rename_bad(int id, const std::string &name) {
  m.lock(); // expected-warning {{'m' is unlocked by hand: a guard would do it on every way out}}
  names[id] = name;
  m.unlock();
}
// [end]

void parse_bad(const std::string &text) {
  m.lock(); // expected-warning {{'m' is unlocked by hand}}
  counter = std::stoi(text);
  m.unlock();
}

void throws_bad() {
  for (const char *text : {"x", "1"})
    try {
      parse_bad(text);
    } catch (const std::invalid_argument &) {
    }
}

void parse_ok(const std::string &text) {
  std::lock_guard<std::mutex> lock(m);
  counter = std::stoi(text);
}

void throws_ok() {
  for (const char *text : {"x", "1"})
    try {
      parse_ok(text);
    } catch (const std::invalid_argument &) {
    }
}

bool early_bad(int id) {
  m.lock(); // expected-warning {{'m' is unlocked by hand}}
  if (!names.count(id)) {
    m.unlock();
    return false;
  }
  names.erase(id);
  m.unlock();
  return true;
}

void nested_bad(bool wanted) {
  if (wanted) {
    m.lock(); // expected-warning {{'m' is unlocked by hand}}
    ++counter;
    m.unlock();
  }
}

// What is declared in the section is used behind it: a reader has to say how long to lock.
int declares_bad() {
  m.lock(); // expected-warning {{'m' is unlocked by hand}}
  int copy = counter;
  m.unlock();
  return copy;
}

class cache {
public:
  void put_bad(int id) {
    mutex_.lock(); // expected-warning {{'mutex_' is unlocked by hand}}
    last_ = id;
    mutex_.unlock();
  }
  void begin_ok() { mutex_.lock(); }
  void end_ok() { mutex_.unlock(); }

private:
  std::mutex mutex_;
  int last_ = 0;
};

void lambda_bad() {
  auto work = [] {
    again.lock(); // expected-warning {{'again' is unlocked by hand}}
    ++counter;
    again.unlock();
  };
  work();
}

template <typename T> struct box {
  std::mutex mutex;
  T value;
  void set_bad(T to) {
    mutex.lock(); // expected-warning {{'mutex' is unlocked by hand}}
    value = to;
    mutex.unlock();
  }
};

void template_bad() {
  box<int> one;
  one.set_bad(1);
}

void callee(cache &of) { of.put_bad(1); }

// [example: good]
void rename_ok(int id, const std::string &name) {
  std::lock_guard<std::mutex> lock(m);
  names[id] = name;
}
// [end]

void relocked_ok() {
  m.lock();
  while (counter > 0) {
    m.unlock();
    m.lock();
    --counter;
  }
  m.unlock();
}

void juggled_ok(bool slow) {
  m.lock();
  ++counter;
  if (slow) {
    m.unlock();
    names.clear();
    m.lock();
  }
  m.unlock();
}

void conditional_ok(bool threaded) {
  if (threaded)
    m.lock();
  ++counter;
  if (threaded)
    m.unlock();
}

void tried_ok() {
  if (m.try_lock()) {
    ++counter;
    m.unlock();
  }
}

void unique_ok() {
  std::unique_lock<std::mutex> lock(m);
  ++counter;
  lock.unlock();
}

void handed_over_ok() {
  m.lock();
  std::lock_guard<std::mutex> lock(m, std::adopt_lock);
  ++counter;
}

void callee_ok(cache &of) {
  of.begin_ok();
  of.end_ok();
}

void reader_ok() {
  rw.lock_shared();
  ++counter;
  rw.unlock_shared();
}

struct guard {
  explicit guard(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~guard() { mutex.unlock(); }
  std::mutex &mutex;
};

SCENARIO_MAIN(SCENARIO(throws_bad), SCENARIO(throws_ok))
