// RUN: %heddle_verify --checks=double-lock,unlock-not-held,missing-unlock %s -- -std=c++20
// RUN: %heddle_verify --checks=double-lock,unlock-not-held,missing-unlock %s -- -std=c++14
// RUN: %clangxx -std=c++14 -pthread %s -o %t
// RUN: %each_hangs %t named_bad member_bad conditional_bad direct_bad moved_bad handed_on_bad \
// RUN:   moved_on_bad
// RUN: timeout 60 %t ok

// Guards that functions return: the caller holds what they hold.
#include "../scenarios.h"

#include <mutex>
#include <utility>

std::mutex m;
int counter;

using Guard = std::unique_lock<std::mutex>;

Guard direct() { return Guard(m); }

Guard named() {
  Guard made(m);
  ++counter;
  return made;
}

Guard moved() {
  Guard made(m);
  return std::move(made);
}

Guard handed_on() { return named(); }

Guard taken_if(bool wanted) {
  Guard made(m, std::defer_lock);
  if (wanted)
    made.lock();
  return made;
}

Guard given_back() {
  Guard made(m);
  ++counter;
  made.unlock();
  return made;
}

struct Account {
  std::mutex lock;
  int money = 0;

  Guard enter() {
    Guard made(lock);
    return made;
  }
};

void direct_bad() {
  Guard held = direct();
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void named_bad() {
  Guard held = named();
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void moved_bad() {
  Guard held = moved();
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void handed_on_bad() {
  auto held = handed_on();
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void conditional_bad() {
  auto held = taken_if(true);
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void member_bad() {
  Account account;
  auto held = account.enter();
  account.lock.lock(); // expected-warning {{'account.lock' is locked again}}
  account.lock.unlock();
}

void moved_on_bad() {
  auto first = named();
  Guard second = std::move(first);
  m.lock(); // expected-warning {{'m' is locked again}}
  m.unlock();
}

void not_taken_ok() {
  auto held = taken_if(false);
  m.lock();
  m.unlock();
}

void given_back_ok() {
  auto held = given_back();
  m.lock();
  m.unlock();
}

void unlocked_ok() {
  auto held = named();
  held.unlock();
  m.lock();
  ++counter;
  m.unlock();
  held.lock();
}

void ended_ok() {
  {
    auto held = named();
  }
  m.lock();
  m.unlock();
}

void dropped_ok() {
  named();
  m.lock();
  m.unlock();
}

void replaced_ok() {
  auto held = named();
  held = Guard();
  m.lock();
  m.unlock();
}

void moved_into_block_ok() {
  auto first = named();
  {
    Guard second = std::move(first);
  }
  m.lock();
  m.unlock();
}

void released_ok() {
  auto held = named();
  held.release()->unlock();
  m.lock();
  m.unlock();
}

void other_account_ok() {
  Account mine, yours;
  auto held = mine.enter();
  auto also = yours.enter();
  mine.money += yours.money;
}

const scenario all[] = {
    {"named_bad", named_bad},
    {"member_bad", member_bad},
    {"conditional_bad", conditional_bad},
    SCENARIO(direct_bad),
    SCENARIO(moved_bad),
    SCENARIO(handed_on_bad),
    SCENARIO(moved_on_bad),
    {"not_taken_ok", not_taken_ok},
    {"given_back_ok", given_back_ok},
    {"unlocked_ok", unlocked_ok},
    {"ended_ok", ended_ok},
    {"dropped_ok", dropped_ok},
    {"replaced_ok", replaced_ok},
    {"moved_into_block_ok", moved_into_block_ok},
    {"released_ok", released_ok},
    {"other_account_ok", other_account_ok},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
