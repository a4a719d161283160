// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t behind_the_handler_bad
// RUN: %t ok

// What comes after a call that does not come back is not done.
#include "../scenarios.h"

#include <cstdlib>
#include <stdexcept>
#include <thread>

int never = 0, caught = 0, fatal = 0;

static void fail() { throw std::runtime_error("no"); }

void behind_the_throw_ok() {
  bool is_bad = false;
  std::thread worker([] { ++never; });
  if (is_bad) {
    worker.join();
    fail();
    ++never;
  }
  worker.join();
  ++never;
}

void behind_the_handler_bad() {
  std::thread worker([] { ++caught; }); // expected-warning {{'caught' is written}}
  try {
    fail();
  } catch (const std::exception &) {
    ++caught;
  }
  worker.join();
}

// Without the lock only where nothing comes after it.
static void stop_all() { std::exit(0); }

void joined_on_the_only_way_ok(bool is_bad) {
  std::thread worker([] { ++fatal; });
  if (is_bad)
    stop_all();
  else
    worker.join();
  ++fatal;
}

void joined_ok() { joined_on_the_only_way_ok(false); }

SCENARIO_MAIN(SCENARIO(behind_the_throw_ok), SCENARIO(behind_the_handler_bad), SCENARIO(joined_ok))
