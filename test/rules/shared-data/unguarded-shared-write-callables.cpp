// RUN: %heddle_verify --checks=unguarded-shared-write,shared-object-mutation %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t generic_bad
// RUN: %race_found %t functor_bad
// RUN: %race_found %t table_bad
// RUN: %t ok

// What is called, where it is no plain function or lambda: generic lambdas, objects with a call
// operator, constant tables of functions.
#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <thread>

void generic_bad() {
  long total = 0;
  auto add = [&total](auto value) { total += value; }; // expected-warning {{'total' is written}}
  std::thread one([&add] { add(1); });
  std::thread other([&add] { add(2); });
  one.join();
  other.join();
}

struct counting {
  int *count;
  void operator()() const {
    ++*count; // expected-warning {{is written here}}
  }
};

static void call(const std::function<void()> &function) { function(); }

void functor_bad() {
  int count = 0;
  std::function<void()> step = counting{&count};
  std::thread one([&step] { call(step); });
  std::thread other(step);
  one.join();
  other.join();
}

struct connection;
struct operations {
  void (*open)(connection *);
  void (*close)(connection *);
};

struct connection {
  int state = 0;
  int opened = 0;
  std::mutex mutex;
  const operations *by = nullptr;
};

static void open_plainly(connection *c) {
  // expected-warning@+1 {{'c->state' is changed here by a task that was handed the object}}
  c->state++;
}

static void open_safely(connection *c) {
  std::lock_guard lock(c->mutex);
  c->opened++;
}

static void close_never(connection *) {}

static const operations plain = {open_plainly, close_never};
static const operations safe = {.open = &open_safely, .close = &close_never};

static void serve(connection *c) { c->by->open(c); }

void table_bad() {
  connection c;
  c.by = &plain;
  std::thread one(serve, &c), other(serve, &c);
  one.join();
  other.join();
}

// Near misses.
void generic_ok() {
  long total = 0;
  std::mutex mutex;
  auto add = [&](auto value) {
    std::lock_guard lock(mutex);
    total += value;
  };
  std::thread one([&add] { add(1); });
  std::thread other([&add] { add(2); });
  one.join();
  other.join();
}

// Each thread has a copy of the object.
struct own_count {
  int count = 0;
  void operator()() { ++count; }
};

void functor_ok() {
  own_count start;
  std::function<void()> step = start;
  std::thread one(step), other(step);
  one.join();
  other.join();
}

void table_ok() {
  connection c;
  c.by = &safe;
  std::thread one(serve, &c), other(serve, &c);
  one.join();
  other.join();
}

SCENARIO_MAIN(SCENARIO(generic_bad), SCENARIO(functor_bad), SCENARIO(table_bad),
              SCENARIO(generic_ok), SCENARIO(functor_ok), SCENARIO(table_ok))
