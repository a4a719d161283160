// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok

// Function pointers and callables that hold one function wherever they are set.
#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <thread>

static int total, step, count;
static std::mutex total_mutex;

static void (*on_start)();

static void add() { ++total; } // expected-warning {{'total' is written here while another thread}}

void pointer_bad() {
  on_start = add;
  std::thread worker([] { on_start(); });
  ++total;
  worker.join();
}

namespace {

class engine {
public:
  void set_up() {
    tick_ = [] { ++step; }; // expected-warning {{'step' is written here while another thread}}
  }
  void run() { tick_(); }

private:
  std::function<void()> tick_;
};

} // namespace

void member_bad() {
  engine one;
  one.set_up();
  std::thread worker([&one] { one.run(); });
  ++step;
  worker.join();
}

// Near misses.
static void (*guarded_start)();

static void add_guarded() {
  std::lock_guard lock(total_mutex);
  ++count;
}

void guarded_ok() {
  guarded_start = add_guarded;
  std::thread worker([] { guarded_start(); });
  add_guarded();
  worker.join();
}

static void (*either)();
static int first_only, second_only;
static void first() { ++first_only; }
static void second() { ++second_only; }

void choose(bool which) {
  if (which)
    either = first;
  else
    either = second;
}

void two_targets_ok() {
  choose(true);
  std::thread worker([] { either(); });
  ++second_only;
  worker.join();
}

void (*from_outside)();
static int outside;
static void change_outside() { ++outside; }
void set_from_outside(void (*what)()) { from_outside = what; }

void unknown_ok() {
  from_outside = change_outside;
  set_from_outside([] {});
  std::thread worker([] { from_outside(); });
  ++outside;
  worker.join();
}

static int spare;
static void change_spare() { ++spare; }
static void (*with_address)();
void reset(void (**what)()) {
  *what = [] {};
}

void address_taken_ok() {
  with_address = change_spare;
  reset(&with_address);
  std::thread worker([] { with_address(); });
  ++spare;
  worker.join();
}

SCENARIO_MAIN(SCENARIO(pointer_bad), SCENARIO(member_bad), SCENARIO(guarded_ok),
              SCENARIO(two_targets_ok), SCENARIO(unknown_ok), SCENARIO(address_taken_ok))
