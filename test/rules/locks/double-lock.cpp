// RUN: %heddle_verify --checks=double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t direct_bad callee_bad loop_bad upgrade_bad two_guards_bad \
// RUN:   lambda_bad template_bad argument_bad returned_bad
// RUN: %t ok

// A lock that its owner takes again, directly and by calls; a run of it waits for ever.
#include "../scenarios.h"

#include <condition_variable>
#include <mutex>
#include <shared_mutex>
#include <thread>
#include <vector>

std::mutex m;
std::recursive_mutex again;
std::shared_mutex rw;
int counter;

void direct_bad() {
  m.lock();
  ++counter;
  m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  m.unlock();
  m.unlock();
}

void two_guards_bad() {
  std::lock_guard<std::mutex> outer(m);
  std::lock_guard<std::mutex> inner(m); // expected-warning {{'m' is locked again}}
  ++counter;
}

// [example: bad]
class registry {
public:
  void add(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    values_.push_back(value);
  }
  void add_twice_bad(int value) {
    std::lock_guard<std::mutex> lock(mutex_);
    add(value); // expected-warning {{the call of 'registry::add' locks 'mutex_' while this thread holds it}}
    add(value);
  }
  void add_two_ok(int value) {
    add(value);
    add(value);
  }
  void add_unlocked_ok(int value) {
    std::unique_lock<std::mutex> lock(mutex_);
    values_.push_back(value);
    lock.unlock();
    add(value);
  }
  void add_other_ok(registry &other) {
    std::lock_guard<std::mutex> lock(mutex_);
    other.add(1);
  }

private:
  std::mutex mutex_;
  std::vector<int> values_;
};
// [end]

void callee_bad() {
  registry all;
  all.add_twice_bad(1);
}

void loop_bad() {
  for (int i = 0; i < 3; ++i) {
    m.lock(); // expected-warning {{in the next round, still held from the last one}}
    if (i == 1)
      continue;
    ++counter;
    m.unlock();
  }
}

void upgrade_bad() {
  std::shared_lock<std::shared_mutex> reading(rw);
  if (counter == 0) {
    rw.lock(); // expected-warning {{'rw' is locked for writing while this thread holds it for reading}}
    ++counter;
    rw.unlock();
  }
}

// Not run: read_while_writing_bad: the library throws.
void read_while_writing_bad() {
  rw.lock();
  rw.lock_shared(); // expected-warning {{'rw' is locked for reading while this thread holds it for writing}}
  rw.unlock_shared();
  rw.unlock();
}

// Not run: guard_bad: the guard throws.
void guard_bad() {
  std::unique_lock<std::mutex> lock(m);
  lock.lock(); // expected-warning {{'lock' is told to lock although it owns its lock already}}
}

void lambda_bad() {
  std::lock_guard<std::mutex> lock(m);
  auto increment = [] {
    std::lock_guard<std::mutex> inner(m);
    ++counter;
  };
  increment(); // expected-warning {{the call of the lambda at line 108 locks 'm'}}
}

template <typename Mutex> struct box {
  Mutex mutex;
  int value = 0;
  int get() {
    std::lock_guard<Mutex> lock(mutex);
    return value;
  }
  void bump() {
    std::lock_guard<Mutex> lock(mutex);
    value = get() + 1; // expected-warning {{the call of 'box}}
  }
};

void template_bad() {
  box<std::mutex> one;
  one.bump();
}

void count_if(bool is_locked) {
  if (!is_locked)
    m.lock();
  ++counter;
  if (!is_locked)
    m.unlock();
}

void argument_bad() {
  std::lock_guard<std::mutex> lock(m);
  count_if(false); // expected-warning {{the call of 'count_if' locks 'm'}}
}

void argument_ok() {
  std::lock_guard<std::mutex> lock(m);
  count_if(true);
}

void argument_unknown_ok(bool is_locked) {
  if (is_locked)
    m.lock();
  count_if(is_locked);
  if (is_locked)
    m.unlock();
}

// [example: good]
void in_turn_ok() {
  m.lock();
  ++counter;
  m.unlock();
  m.lock();
  ++counter;
  m.unlock();
}
// [end]

void recursive_ok() {
  again.lock();
  again.lock();
  ++counter;
  again.unlock();
  again.unlock();
}

void two_readers_ok() {
  std::shared_lock<std::shared_mutex> one(rw);
  std::shared_lock<std::shared_mutex> two(rw);
}

void try_again_ok() {
  std::lock_guard<std::mutex> lock(m);
  std::unique_lock<std::mutex> second(m, std::try_to_lock);
  if (second)
    ++counter;
}

void deferred_ok() {
  std::unique_lock<std::mutex> lock(m, std::defer_lock);
  lock.lock();
  ++counter;
}

void moved_ok() {
  std::unique_lock<std::mutex> first(m);
  {
    std::unique_lock<std::mutex> second = std::move(first);
    ++counter;
  }
  std::lock_guard<std::mutex> third(m);
}

std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(m); }

void returned_ok() {
  {
    auto lock = hold();
    ++counter;
  }
  auto lock = hold();
  ++counter;
}

void returned_bad() {
  auto lock = hold();
  std::lock_guard<std::mutex> second(m); // expected-warning {{'m' is locked again}}
}

void adopted_ok() {
  m.lock();
  std::lock_guard<std::mutex> lock(m, std::adopt_lock);
  ++counter;
}

void waits_ok() {
  std::condition_variable changed;
  std::unique_lock<std::mutex> lock(m);
  changed.wait(lock, [] { return counter >= 0; });
}

void conditional_ok(bool shared) {
  if (shared)
    m.lock();
  ++counter;
  if (shared)
    m.unlock();
  m.lock();
  ++counter;
  m.unlock();
}

void either_ok(int way) {
  switch (way) {
  case 0:
    m.lock();
    break;
  default:
    return;
  }
  m.unlock();
}

struct node {
  std::mutex mutex;
  node *next = nullptr;
  int value = 0;
};

bool find_ok(node *list, int value) {
  list->mutex.lock();
  while (list->value != value) {
    node *next = list->next;
    if (!next) {
      list->mutex.unlock();
      return false;
    }
    next->mutex.lock();
    list->mutex.unlock();
    list = next;
  }
  list->mutex.unlock();
  return true;
}

void each_ok(std::vector<std::mutex> &stripes, unsigned a, unsigned b) {
  stripes[a].lock();
  if (a != b)
    stripes[b].lock();
  if (a != b)
    stripes[b].unlock();
  stripes[a].unlock();
}

const scenario all[] = {
    {"direct_bad", direct_bad},
    {"callee_bad", callee_bad},
    {"loop_bad", loop_bad},
    {"upgrade_bad", upgrade_bad},
    SCENARIO(two_guards_bad),
    SCENARIO(lambda_bad),
    SCENARIO(template_bad),
    SCENARIO(argument_bad),
    SCENARIO(returned_bad),
    {"in_turn_ok", in_turn_ok},
    {"recursive_ok", recursive_ok},
    {"moved_ok", moved_ok},
    {"returned_ok", returned_ok},
    {"adopted_ok", adopted_ok},
    {"waits_ok", waits_ok},
    {"argument_ok", argument_ok},
    {"two_readers_ok", two_readers_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
