// RUN: %heddle_verify --checks=missing-unlock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t return_bad throw_bad break_bad withdraw_bad disowned_bad template_bad \
// RUN:   lambda_bad read_bad wrapper_bad
// RUN: %t ok

// Ways out that leave a lock held; whoever comes next waits for ever.
#include "../scenarios.h"

#include <condition_variable>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <stdexcept>
#include <string>

std::mutex m, gate, names_mutex;
std::shared_mutex rw;
std::map<int, std::string> names;
int counter;

// [example: bad]
bool rename(int id, const std::string &name) {
  names_mutex.lock();
  auto found = names.find(id);
  if (found == names.end())
    return false; // expected-warning {{'names_mutex' stays locked when 'rename' ends here}}
  found->second = name;
  names_mutex.unlock();
  return true;
}
// [end]

void return_bad() {
  rename(1, "one");
  rename(1, "two");
}

void check_positive_bad(int value) {
  m.lock();
  if (value < 0)
    throw std::invalid_argument(
        "negative"); // expected-warning@-1 {{'m' stays locked when an exception leaves}}
  counter = value;
  m.unlock();
}

void throw_bad() {
  for (int i = 0; i < 2; ++i)
    try {
      check_positive_bad(-1);
    } catch (const std::invalid_argument &) {
    }
}

void drain_bad(int limit) {
  for (int i = 0; i < 10; ++i) {
    m.lock();
    if (counter > limit)
      break;
    ++counter;
    m.unlock();
  }
} // expected-warning {{'m' stays locked when 'drain_bad' ends here}}

void break_bad() {
  drain_bad(-1);
  drain_bad(-1);
}

int shared_bad(int id) {
  rw.lock_shared();
  if (names.empty())
    return 0; // expected-warning {{'rw' stays locked when 'shared_bad' ends here}}
  int size = static_cast<int>(names[id].size());
  rw.unlock_shared();
  return size;
}

class account {
public:
  bool withdraw_bad(int amount) {
    mutex_.lock();
    if (balance_ < amount)
      return false; // expected-warning {{'mutex_' stays locked when 'account::withdraw_bad' ends here}}
    balance_ -= amount;
    mutex_.unlock();
    return true;
  }
  bool withdraw_ok(int amount) {
    mutex_.lock();
    bool enough = balance_ >= amount;
    if (enough)
      balance_ -= amount;
    mutex_.unlock();
    return enough;
  }

private:
  std::mutex mutex_;
  int balance_ = 0;
};

class section {
public:
  void enter() { mutex_.lock(); }
  bool try_enter() { return mutex_.try_lock(); }
  void leave() { mutex_.unlock(); }

private:
  std::mutex mutex_;
};

section critical;

void wrapper_bad(bool skip) {
  critical.enter();
  if (skip)
    return; // expected-warning {{'critical.mutex_' stays locked when 'wrapper_bad' ends here}}
  ++counter;
  critical.leave();
}

void disowned_bad(bool skip) {
  std::unique_lock<std::mutex> lock(m);
  lock.release();
  if (skip)
    return; // expected-warning {{'m' stays locked}}
  m.unlock();
}

template <typename T> void take(T &from, std::mutex &guard) {
  guard.lock();
  if (!from)
    return; // expected-warning {{'guard' stays locked}}
  from = T();
  guard.unlock();
}

void template_bad() { take(counter, m); }

void lambda_bad() {
  auto work = [](int value) {
    m.lock();
    if (value == 0)
      return; // expected-warning {{'m' stays locked when the lambda at line 143 ends here}}
    ++counter;
    m.unlock();
  };
  work(1);
  work(0);
} // expected-warning {{'m' is locked when 'lambda_bad' ends here}}

// Not run: try_bad: whoever tries next is told that it is locked.
void try_bad(bool skip) {
  if (!m.try_lock())
    return;
  if (skip)
    return; // expected-warning {{'m' stays locked when 'try_bad' ends here}}
  m.unlock();
}

// [example: good]
bool rename_ok(int id, const std::string &name) {
  std::lock_guard<std::mutex> lock(m);
  auto found = names.find(id);
  if (found == names.end())
    return false;
  found->second = name;
  return true;
}
// [end]

void every_way_ok(int value) {
  m.lock();
  if (value < 0) {
    m.unlock();
    return;
  }
  counter = value;
  m.unlock();
}

void caught_ok(int value) {
  m.lock();
  try {
    if (value < 0)
      throw std::invalid_argument("negative");
    counter = value;
  } catch (const std::invalid_argument &) {
    counter = 0;
  }
  m.unlock();
}

void conditional_ok(bool threaded, int value) {
  if (threaded)
    m.lock();
  counter = value;
  if (threaded)
    m.unlock();
}

bool is_threaded;

void global_condition_ok(int value) {
  if (is_threaded)
    m.lock();
  counter += value;
  if (is_threaded)
    m.unlock();
}

void compound_ok(int a, int b) {
  if (a < b && is_threaded)
    m.lock();
  ++counter;
  if (a < b && is_threaded)
    m.unlock();
}

void remembered_ok() {
  bool locked = false;
  if (is_threaded) {
    m.lock();
    locked = true;
  }
  ++counter;
  if (locked)
    m.unlock();
}

bool enter_if_ready_ok() {
  gate.lock();
  if (counter == 0) {
    gate.unlock();
    return false;
  }
  return true;
}

void leave_ok() { gate.unlock(); }

void uses_enter_ok() {
  if (enter_if_ready_ok()) {
    ++counter;
    leave_ok();
  }
}

void wrapper_ok(bool skip) {
  if (!critical.try_enter())
    return;
  if (skip) {
    critical.leave();
    return;
  }
  ++counter;
  critical.leave();
}

struct holder {
  std::mutex &mutex;
  explicit holder(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~holder() { mutex.unlock(); }
};

int own_guard_ok(int value) {
  holder lock(m);
  if (value < 0)
    return -1;
  counter = value;
  return 0;
}

std::unique_lock<std::mutex> locked_ok(bool wanted) {
  std::unique_lock<std::mutex> lock(m, std::defer_lock);
  if (wanted)
    lock.lock();
  return lock;
}

void adopted_ok(int value) {
  m.lock();
  std::lock_guard<std::mutex> lock(m, std::adopt_lock);
  if (value < 0)
    return;
  counter = value;
}

void both_ok(std::mutex &a, std::mutex &b, bool skip) {
  std::lock(a, b);
  std::lock_guard<std::mutex> first(a, std::adopt_lock);
  std::lock_guard<std::mutex> second(b, std::adopt_lock);
  if (skip)
    return;
  ++counter;
}

void switch_ok(int way) {
  m.lock();
  switch (way) {
  case 0:
    ++counter;
    break;
  case 1:
    m.unlock();
    return;
  default:
    m.unlock();
    throw std::out_of_range("way");
  }
  m.unlock();
}

void again_ok() {
  m.lock();
  while (counter > 3) {
    m.unlock();
    m.lock();
    --counter;
  }
  m.unlock();
}

void ends_ok(bool broken) {
  m.lock();
  if (broken)
    std::abort();
  ++counter;
  m.unlock();
}

void run_all_ok() {
  rename_ok(1, "one");
  every_way_ok(-1);
  caught_ok(-1);
  conditional_ok(true, 1);
  uses_enter_ok();
  wrapper_ok(true);
  own_guard_ok(-1);
  adopted_ok(-1);
  again_ok();
}

const scenario all[] = {{"return_bad", return_bad},
                        {"throw_bad", throw_bad},
                        {"break_bad", break_bad},
                        {"withdraw_bad",
                         [] {
                           static account empty;
                           empty.withdraw_bad(1);
                         },
                         1},
                        {"wrapper_bad", [] { wrapper_bad(true); }, 1},
                        {"disowned_bad", [] { disowned_bad(true); }, 1},
                        {"read_bad",
                         [] {
                           shared_bad(1);
                           rw.lock();
                         }},
                        SCENARIO_TWICE(template_bad),
                        SCENARIO_TWICE(lambda_bad),
                        {"run_all_ok", run_all_ok}};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
