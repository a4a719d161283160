// RUN: %heddle_verify --checks=missing-unlock,unlock-not-held,double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t other_object_bad opposite_bad other_text_bad other_thread_bad
// RUN: timeout 60 %t ok

// The same question twice, put to an object of a library: whether there is something in it, what
// it is equal to.
#include "../scenarios.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

static std::mutex m;
static int n;

class counter {
public:
  explicit counter(bool threaded) {
    if (threaded)
      lock = std::make_unique<std::mutex>();
  }
  void add() {
    if (lock)
      lock->lock();
    ++count;
    if (lock)
      lock->unlock();
  }
  void add_twice() {
    if (lock != nullptr)
      lock->lock();
    count += 2;
    if (!lock)
      return;
    lock->unlock();
  }

private:
  std::unique_ptr<std::mutex> lock;
  int count = 0;
};

void own_lock_ok() {
  for (const bool threaded : {true, false}) {
    counter c(threaded);
    c.add();
    c.add_twice();
    c.add();
  }
}

void optional(std::optional<int> x) {
  if (!x)
    m.lock();
  ++n;
  if (!x)
    m.unlock();
}

void optional_in_two_ways(const std::optional<int> &x) {
  if (x.has_value())
    m.lock();
  ++n;
  if (x)
    m.unlock();
}

void optional_number(std::optional<int> x) {
  if (x && *x > 3)
    m.lock();
  ++n;
  if (x && *x > 3)
    m.unlock();
}

void optional_or(std::optional<int> x) {
  if (x.value_or(0))
    m.lock();
  ++n;
  if (x.value_or(0))
    m.unlock();
}

void optional_ok() {
  for (std::optional<int> each : {std::optional<int>(), std::optional<int>(7)}) {
    optional(each);
    optional_in_two_ways(each);
    optional_number(each);
    optional_or(each);
  }
}

void shared(std::shared_ptr<int> p) {
  if (p)
    m.lock();
  ++n;
  if (p != nullptr)
    m.unlock();
  if (p.get())
    m.lock();
  ++n;
  if (!p)
    return;
  m.unlock();
}

void unique(std::unique_ptr<int> p) {
  const bool locks = p == nullptr;
  if (locks)
    m.lock();
  ++n;
  if (p == nullptr)
    m.unlock();
}

void pointers_ok() {
  shared(nullptr);
  shared(std::make_shared<int>(1));
  unique(nullptr);
  unique(std::make_unique<int>(1));
}

void text(const std::string &mode) {
  if (mode == "threaded")
    m.lock();
  ++n;
  if (mode == "threaded")
    m.unlock();
}

void text_ok() {
  text("threaded");
  text("");
}

void other_object(std::shared_ptr<int> p, std::shared_ptr<int> q) {
  if (p)
    m.lock();
  ++n;
  if (q)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void other_object_bad() { other_object(std::make_shared<int>(1), nullptr); }

void opposite(std::optional<int> x) {
  if (x)
    m.lock();
  ++n;
  if (x && *x > 7)
    m.unlock();
} // expected-warning {{'m' stays locked}}

void opposite_bad() { opposite(1); }

void other_text(const std::string &mode) {
  if (mode == "threaded")
    m.lock();
  ++n;
  if (mode == "thread")
    m.unlock();
} // expected-warning {{'m' stays locked}}

void other_text_bad() { other_text("threaded"); }

// Whether there is a thread to join, the question itself is followed by what changes the answer.
void other_thread_bad() {
  std::thread t([] {});
  if (t.joinable())
    m.lock();
  t.join();
  if (t.joinable())
    m.unlock();
} // expected-warning {{'m' stays locked}}

SCENARIO_MAIN(SCENARIO(own_lock_ok), SCENARIO(optional_ok), SCENARIO(pointers_ok),
              SCENARIO(text_ok), SCENARIO_TWICE(other_object_bad), SCENARIO_TWICE(opposite_bad),
              SCENARIO_TWICE(other_text_bad), SCENARIO_TWICE(other_thread_bad))
