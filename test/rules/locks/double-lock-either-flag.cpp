// RUN: %heddle_verify --checks=double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t first_bad second_bad negated_bad compared_bad pointer_bad member_bad
// RUN: timeout 60 %t ok

// A callee locks where one of several things that it is given says so, and asks the same again when
// it unlocks.
#include "../scenarios.h"

#include <mutex>

std::mutex m;
int count;

void add(bool first, bool second) {
  if (first || second)
    m.lock();
  ++count;
  if (first || second)
    m.unlock();
}

void first_bad() {
  std::lock_guard<std::mutex> hold(m);
  add(true, false); // expected-warning {{the call of 'add' locks 'm' while this thread holds it}}
}

void second_bad() {
  std::lock_guard<std::mutex> hold(m);
  add(false, true); // expected-warning {{the call of 'add' locks 'm' while this thread holds it}}
}

void neither_ok() {
  std::lock_guard<std::mutex> hold(m);
  add(false, false);
}

void not_held_ok() {
  {
    std::lock_guard<std::mutex> hold(m);
    ++count;
  }
  add(true, true);
}

void unknown_ok(bool which) {
  std::lock_guard<std::mutex> hold(m);
  add(which, false);
}

// Its own two flags go by the same names as those of add().
void asked_itself_ok(bool first, bool second) {
  if (first || second) {
    std::lock_guard<std::mutex> hold(m);
    add(false, false);
  }
  if (first || second)
    ++count;
}

void handed_on(bool first, bool second) { add(first, second); }

void asked_before_ok(bool first, bool second) {
  if (first || second) {
    std::lock_guard<std::mutex> hold(m);
    handed_on(false, false);
  }
  if (first || second)
    ++count;
}

void add_negated(bool held, bool always) {
  if (!held || always)
    m.lock();
  ++count;
  if (!held || always)
    m.unlock();
}

void negated_bad() {
  std::lock_guard<std::mutex> hold(m);
  add_negated(false, false); // expected-warning {{the call of 'add_negated' locks 'm'}}
}

void negated_ok() {
  std::lock_guard<std::mutex> hold(m);
  add_negated(true, false);
}

void add_neither(bool held, bool other) {
  if (!(held || other))
    m.lock();
  ++count;
  if (!(held || other))
    m.unlock();
}

void whole_negated_ok() {
  std::lock_guard<std::mutex> hold(m);
  add_neither(true, false);
  add_neither(false, true);
}

void add_compared(int much, int kind) {
  if (much > 10 || kind == 2)
    m.lock();
  count += much;
  if (much > 10 || kind == 2)
    m.unlock();
}

void compared_bad() {
  std::lock_guard<std::mutex> hold(m);
  add_compared(1, 2); // expected-warning {{the call of 'add_compared' locks 'm'}}
}

void compared_ok() {
  std::lock_guard<std::mutex> hold(m);
  add_compared(10, 3);
}

void add_there(int *here, int *there) {
  if (here || there)
    m.lock();
  ++count;
  if (here || there)
    m.unlock();
}

void pointer_bad() {
  int local = 0;
  std::lock_guard<std::mutex> hold(m);
  add_there(nullptr, &local); // expected-warning {{the call of 'add_there' locks 'm'}}
}

void pointer_ok() {
  std::lock_guard<std::mutex> hold(m);
  add_there(nullptr, nullptr);
}

// What it was given is not what it asks.
void add_changed(bool first, bool second) {
  first = false;
  if (first || second)
    m.lock();
  ++count;
  if (first || second)
    m.unlock();
}

void changed_ok() {
  std::lock_guard<std::mutex> hold(m);
  add_changed(true, false);
}

class counter {
public:
  void add(bool first, bool second) {
    if (first || second)
      mutex_.lock();
    ++count_;
    if (first || second)
      mutex_.unlock();
  }
  void add_bad() {
    std::lock_guard<std::mutex> hold(mutex_);
    add(false, true); // expected-warning {{the call of 'counter::add' locks 'mutex_'}}
  }
  void add_ok() {
    std::lock_guard<std::mutex> hold(mutex_);
    add(false, false);
  }
  void of_another_ok(counter &other) {
    std::lock_guard<std::mutex> hold(mutex_);
    other.add(true, true);
  }

private:
  std::mutex mutex_;
  int count_ = 0;
};

void member_bad() { counter().add_bad(); }

std::recursive_mutex again;

void add_again(bool first, bool second) {
  if (first || second)
    again.lock();
  ++count;
  if (first || second)
    again.unlock();
}

void recursive_ok() {
  std::lock_guard<std::recursive_mutex> hold(again);
  add_again(true, false);
}

void all_ok() {
  unknown_ok(false);
  asked_itself_ok(true, false);
  asked_before_ok(true, false);
  counter one, other;
  one.add_ok();
  one.of_another_ok(other);
}

SCENARIO_MAIN(SCENARIO(first_bad), SCENARIO(second_bad), SCENARIO(negated_bad),
              SCENARIO(compared_bad), SCENARIO(pointer_bad), SCENARIO(member_bad),
              SCENARIO(neither_ok), SCENARIO(not_held_ok), SCENARIO(negated_ok),
              SCENARIO(whole_negated_ok), SCENARIO(compared_ok), SCENARIO(pointer_ok),
              SCENARIO(changed_ok), SCENARIO(recursive_ok), SCENARIO(all_ok))
