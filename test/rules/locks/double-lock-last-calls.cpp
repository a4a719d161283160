// RUN: %heddle_verify --checks=double-lock,missing-unlock,unlock-not-held %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t throws_bad handled_and_left_bad handled_and_taken_again_bad \
// RUN:   taken_before_the_throw_bad may_come_back_bad locked_bad template_bad \
// RUN:   caught_outside_bad converted_bad
// RUN: timeout 60 %t ok

// Calls that do not come back: what would come after them does not happen.
#include "../scenarios.h"

#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>

std::mutex m;
int value = 0;

static void fail() { throw std::runtime_error("no"); }

static void fail_with(const char *why) {
  if (value > 3)
    throw std::logic_error(why);
  std::string text = why;
  throw std::runtime_error(text + "!");
}

static void fail_again(const char *why) { fail_with(why); }

static void give_up() { std::exit(1); }

static void serve_for_ever() {
  for (;;)
    ++value;
}

static void may_fail(bool bad) {
  if (bad)
    fail();
}

void after_a_throw_ok(bool bad) {
  if (bad) {
    m.lock();
    m.unlock();
    fail();
  }
  m.lock();
  m.unlock();
}

// The exception leaves with the lock.
void throws_with_the_lock_bad(bool bad) {
  m.lock();
  if (bad)
    fail_again("bad"); // expected-warning {{'m'}}
  m.unlock();
}

void guarded_ok(bool bad) {
  std::lock_guard<std::mutex> guard(m);
  if (bad)
    fail();
  ++value;
}

// Given back by the handler.
void handled_ok(bool bad) {
  m.lock();
  try {
    if (bad)
      fail();
    ++value;
  } catch (const std::exception &) {
    m.unlock();
    throw;
  }
  m.unlock();
}

void handled_and_left_bad(bool bad) {
  m.lock();
  try {
    if (bad)
      fail();
    ++value;
  } catch (const std::exception &) {
    return; // expected-warning {{'m'}}
  }
  m.unlock();
}

void handled_and_taken_again_bad() {
  m.lock();
  try {
    fail();
  } catch (const std::exception &) {
    m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  }
  m.unlock();
}

void exits_with_the_lock_ok(bool bad) {
  m.lock();
  if (bad)
    give_up();
  m.unlock();
}

void taken_before_the_end_ok(bool bad) {
  if (bad) {
    m.lock();
    serve_for_ever();
  }
  m.lock();
  m.unlock();
}

void taken_before_the_exit_ok(bool bad) {
  if (bad) {
    m.lock();
    give_up();
  }
  m.lock();
  m.unlock();
}

void taken_before_the_throw_bad(bool bad) {
  if (bad) {
    m.lock();
    fail(); // expected-warning {{'m'}}
  }
  m.lock();
  m.unlock();
}

// It may come back.
void may_come_back_bad(bool bad) {
  if (bad) {
    m.lock();
    may_fail(value > 3);
  }
  m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  m.unlock();
}

// Somebody may override it.
struct step {
  virtual ~step() = default;
  virtual void run() { throw std::logic_error("not written yet"); }
  void locked_ok() {
    m.lock();
    run();
    m.unlock();
  }
};

struct last_step final : step {
  void run() override { throw std::logic_error("never"); }
  void locked_bad(bool now) {
    m.lock();
    if (now)
      run(); // expected-warning {{'m'}}
    m.unlock();
  }
};

// A recursion that ends is seen to come back; of one that does not nothing is said.
static int count_down(int from) {
  if (from == 0)
    return 0;
  return count_down(from - 1);
}

void recursive_ok(bool now) {
  m.lock();
  if (now)
    value = count_down(value);
  m.unlock();
}

// By a lambda, and by a template.
void lambda_ok(bool bad) {
  auto refuse = [] { throw std::runtime_error("no"); };
  if (bad) {
    std::lock_guard<std::mutex> guard(m);
    refuse();
  }
  m.lock();
  m.unlock();
}

template <typename Error> static void raise() { throw Error("no"); }

void template_bad(bool bad) {
  m.lock();
  if (bad)
    raise<std::range_error>(); // expected-warning {{'m'}}
  m.unlock();
}

// What a loop leaves by throwing is caught outside of it.
static void serve_until_it_fails() {
  for (;;) {
    ++value;
    may_fail(value > 100);
  }
}

void caught_outside_ok() {
  try {
    serve_until_it_fails();
  } catch (const std::exception &) {
  }
  m.lock();
  m.unlock();
}

void caught_outside_bad() {
  m.lock();
  try {
    serve_until_it_fails();
  } catch (const std::exception &) {
  }
  m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  m.unlock();
}

// A lambda that becomes a pointer to a function is not called by that.
using handler = void (*)(int);
static handler installed = nullptr;
static void install(handler h) { installed = h; }

void converted_bad() {
  install([](int code) { std::exit(code); });
  handler also = [](int) { throw std::logic_error("no"); };
  install(also);
  m.lock();
  m.lock(); // expected-warning {{'m' is locked again while this thread holds it}}
  m.unlock();
}

// Whoever comes next waits for what the exception has left locked.
template <typename Locks> void twice(Locks locks) {
  for (int i = 0; i < 2; ++i)
    try {
      locks();
    } catch (const std::exception &) {
    }
}

const scenario all[] = {
    {"throws_bad", [] { twice([] { throws_with_the_lock_bad(true); }); }},
    {"handled_and_left_bad", [] { twice([] { handled_and_left_bad(true); }); }},
    SCENARIO(handled_and_taken_again_bad),
    {"taken_before_the_throw_bad", [] { twice([] { taken_before_the_throw_bad(true); }); }},
    {"may_come_back_bad", [] { value = 0, may_come_back_bad(true); }},
    {"locked_bad", [] { twice([] { last_step().locked_bad(true); }); }},
    {"template_bad", [] { twice([] { template_bad(true); }); }},
    SCENARIO(caught_outside_bad),
    SCENARIO(converted_bad),
    {"after_a_throw_ok", [] { twice([] { after_a_throw_ok(true); }); }},
    {"guarded_ok", [] { twice([] { guarded_ok(true); }); }},
    {"handled_ok", [] { twice([] { handled_ok(true); }); }},
    {"recursive_ok", [] { recursive_ok(true); }},
    {"lambda_ok", [] { twice([] { lambda_ok(true); }); }},
    SCENARIO(caught_outside_ok),
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
