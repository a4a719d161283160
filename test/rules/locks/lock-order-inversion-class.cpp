// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx -DRUN %s -o %t
// RUN: %deadlock_found %t registry_bad
// RUN: %deadlock_found %t child_and_parent_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Classes without a thread in sight: any two public functions may run at the same time.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <vector>

class Registry {
public:
  void add_bad(int id) {
    std::lock_guard<std::mutex> hold(ids_lock);
    ids.push_back(id);
    notify();
  }
  void remove_listener_bad() {
    std::unique_lock<std::mutex> hold(listeners_lock);
    auto clear = [this] {
      std::lock_guard<std::mutex> inner(ids_lock);
      ids.clear();
    };
    clear();
  }

private:
  void notify() {
    std::lock_guard<std::mutex> hold(listeners_lock); // expected-warning {{'listeners_lock' is locked here while 'ids_lock' is held, and in the lambda at line 26 it is the other way round; threads that do so at the same time wait for each other for ever}}
    ++notified;
  }
  std::mutex ids_lock, listeners_lock;
  std::vector<int> ids;
  int notified = 0;
};

// The child locks itself and then its parent, the parent itself and then the child.
class Parent;

class Child {
public:
  explicit Child(Parent *parent) : parent(parent) {}
  void report_bad();
  void update(int next) {
    std::lock_guard<std::mutex> hold(child_lock);
    value = next;
  }

private:
  std::mutex child_lock;
  Parent *parent;
  int value = 0;
};

class Parent {
public:
  explicit Parent(Child *child) : child(child) {}
  void changed() {
    std::lock_guard<std::mutex> hold(parent_lock); // expected-warning {{'parent->parent_lock' is locked here while 'child_lock' is held, and in 'Child::update' it is the other way round}}
    ++changes;
  }
  void broadcast_bad(int value) {
    std::lock_guard<std::mutex> hold(parent_lock);
    child->update(value);
  }

private:
  std::mutex parent_lock;
  Child *child;
  int changes = 0;
};

void Child::report_bad() {
  std::lock_guard<std::mutex> hold(child_lock);
  parent->changed();
}

// The same two, but never one under the other.
class Careful {
public:
  void first_ok() {
    {
      std::lock_guard<std::mutex> hold(a);
      ++value;
    }
    std::lock_guard<std::mutex> hold(b);
    ++other;
  }
  void second_ok() {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    ++value;
  }

private:
  std::mutex a, b;
  int value = 0, other = 0;
};

// Assigning one to the other locks both, in an order of its own; which two, nobody sees.
class Copied {
public:
  Copied &operator=(const Copied &other) {
    if (this != &other) {
      std::scoped_lock both(mutex, other.mutex);
      value = other.value;
    }
    return *this;
  }
  void swap_ok(Copied &other) {
    std::unique_lock<std::mutex> mine(mutex, std::defer_lock), his(other.mutex, std::defer_lock);
    std::lock(mine, his);
    std::swap(value, other.value);
  }

private:
  mutable std::mutex mutex;
  int value = 0;
};

// Whoever comes holds the outer one.
class Gated {
public:
  void forwards_ok() {
    std::lock_guard<std::mutex> hold(gate);
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++value;
  }
  void backwards_ok() {
    std::lock_guard<std::mutex> hold(gate);
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    ++value;
  }

private:
  std::mutex gate, a, b;
  int value = 0;
};

// Helpers that are only ever called with the gate held.
class GatedByCallers {
public:
  void run_ok() {
    std::lock_guard<std::mutex> hold(gate);
    forwards();
    backwards();
  }

private:
  void forwards() {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++value;
  }
  void backwards() {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    ++value;
  }
  std::mutex gate, a, b;
  int value = 0;
};

class BeforeAndAfter {
public:
  BeforeAndAfter() {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    value = 1;
  }
  ~BeforeAndAfter() {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    value = 0;
  }
  void work_ok() {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++value;
  }

private:
  std::mutex a, b;
  int value = 0;
};

class Trying {
public:
  void forwards_ok() {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    ++value;
  }
  bool backwards_ok() {
    std::lock_guard<std::mutex> outer(b);
    if (!a.try_lock())
      return false;
    ++value;
    a.unlock();
    return true;
  }

private:
  std::mutex a, b;
  int value = 0;
};

// One after the other is enough for ThreadSanitizer.
#ifdef RUN
#include <thread>

void registry_bad() {
  Registry registry;
  std::thread([&] { registry.add_bad(1); }).join();
  std::thread([&] { registry.remove_listener_bad(); }).join();
}

struct Family {
  Parent parent{&child};
  Child child{&parent};
};

void child_and_parent_bad() {
  Family family;
  std::thread([&] { family.child.report_bad(); }).join();
  std::thread([&] { family.parent.broadcast_bad(1); }).join();
}

template <typename Object> void both_ways_ok() {
  Object object;
  std::thread forwards([&] { object.forwards_ok(); }), backwards([&] { object.backwards_ok(); });
  forwards.join();
  backwards.join();
}

void never_both_ok() {
  Careful careful;
  std::thread first([&] { careful.first_ok(); }), second([&] { careful.second_ok(); });
  first.join();
  second.join();
}

void gated_ok() { both_ways_ok<Gated>(); }
void trying_ok() { both_ways_ok<Trying>(); }

SCENARIO_MAIN(SCENARIO(registry_bad), SCENARIO(child_and_parent_bad), SCENARIO(never_both_ok),
              SCENARIO(gated_ok), SCENARIO(trying_ok))
#endif
