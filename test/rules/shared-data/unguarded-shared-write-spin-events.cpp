// RUN: %heddle_verify %s --checks=shared-data/*,locks/* -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %t ok

// Flags that are taken and cleared as locks are, and are none: one thread waits for another. And
// locks of which too little can be seen.
// expected-no-diagnostics
#include "../scenarios.h"

#include <atomic>
#include <thread>

// A flag that is waited for and that nobody takes.
std::atomic<bool> is_ready{false};
int prepared = 0;

void waited_for_ok() {
  std::thread worker([] {
    while (!is_ready.load(std::memory_order_acquire))
      std::this_thread::yield();
    ++prepared;
  });
  ++prepared;
  is_ready.store(true, std::memory_order_release);
  worker.join();
}

// Closed at first by whoever opens it.
std::atomic_flag closed = ATOMIC_FLAG_INIT;
int handed = 0;

void wait_for_turn() {
  while (closed.test_and_set(std::memory_order_acquire))
    std::this_thread::yield();
  ++handed;
}

void handed_over_ok() {
  closed.test_and_set(std::memory_order_acquire);
  std::thread worker(wait_for_turn);
  ++handed;
  closed.clear(std::memory_order_release);
  worker.join();
}

// An event that is a class of its own: it looks like a lock from inside.
class event {
public:
  void wait() {
    while (pending_.test_and_set(std::memory_order_acquire))
      std::this_thread::yield();
  }
  void set() { pending_.clear(std::memory_order_release); }

private:
  std::atomic_flag pending_ = ATOMIC_FLAG_INIT;
};

event filled;
int box = 0;

void event_ok() {
  filled.wait(); // from here on nothing is pending
  std::thread worker([] {
    filled.wait();
    box += 2;
  });
  ++box;
  filled.set();
  worker.join();
}

event first_half, second_half;
int halves = 0;

void two_events_ok() {
  first_half.wait();
  second_half.wait();
  std::thread worker([] {
    first_half.wait();
    ++halves;
    second_half.set();
  });
  ++halves;
  first_half.set();
  second_half.wait();
  ++halves;
  worker.join();
}

// Set by a function that says so.
void announce(event &which) { which.set(); }
event announced;
int news = 0;

void through_a_function_ok() {
  announced.wait();
  std::thread worker([] {
    announced.wait();
    ++news;
  });
  ++news;
  announce(announced);
  worker.join();
}

// Two flags, one for each thread's turn.
std::atomic<int> his{0}, hers{0};
int ball = 0;

void play(std::atomic<int> &mine, std::atomic<int> &next) {
  for (int round = 0; round < 3; ++round) {
    while (mine.exchange(1, std::memory_order_acquire))
      std::this_thread::yield();
    ++ball;
    next.store(0, std::memory_order_release);
  }
}

void turns_ok() {
  his.exchange(1);
  std::thread worker([] { play(his, hers); });
  play(hers, his);
  worker.join();
}

// It begins taken.
std::atomic<bool> gate{true};
int behind_gate = 0;

void begins_taken_ok() {
  std::thread worker([] {
    while (gate.exchange(true))
      std::this_thread::yield();
    ++behind_gate;
    gate = false;
  });
  ++behind_gate;
  gate = false;
  worker.join();
}

// Who owns it may take it again, and need not wait.
class again_lock {
public:
  void lock() {
    if (owner_.load() == 1) {
      ++depth_;
      return;
    }
    int nobody = 0;
    while (!owner_.compare_exchange_weak(nobody, 1))
      nobody = 0;
  }
  void unlock() {
    if (depth_ > 0)
      --depth_;
    else
      owner_.store(0);
  }

private:
  std::atomic<int> owner_{0};
  int depth_ = 0;
};

again_lock again;

void again_ok() {
  again.lock();
  again.lock();
  again.unlock();
  again.unlock();
}

// Says whether the other thread is at work, and that it is done.
std::atomic<bool> busy{false};
int result = 0;

void look_until_free_ok() {
  std::atomic<bool> is_started{false};
  std::thread worker([&is_started] {
    while (busy.exchange(true))
      std::this_thread::yield();
    is_started = true;
    ++result;
    busy = false;
  });
  while (!is_started)
    std::this_thread::yield();
  while (busy.load())
    std::this_thread::yield();
  ++result;
  worker.join();
}

// A flag that is taken in a loop, and that says whether there is something to do.
std::atomic<bool> is_running{false};
int settings = 0;

void start_until_it_runs_ok() {
  settings = 1;
  std::thread worker([] {
    while (!is_running.load())
      std::this_thread::yield();
    settings += is_running.load();
  });
  for (int attempt = 0; attempt < 3; ++attempt)
    if (!is_running.exchange(true))
      break;
  worker.join();
  is_running.store(false);
}

// Handed in by reference and kept by a lambda.
void captured_ok() {
  std::atomic_flag local = ATOMIC_FLAG_INIT;
  int shared = 0;
  std::thread worker([&] {
    while (local.test_and_set())
      std::this_thread::yield();
    ++shared;
    local.clear();
  });
  while (local.test_and_set())
    std::this_thread::yield();
  ++shared;
  local.clear();
  worker.join();
}

// One of several: which one is not known.
struct slot {
  std::atomic<bool> taken{false};
  int value = 0;
};
slot slots[4];

void use_slot(unsigned which) {
  while (slots[which].taken.exchange(true))
    std::this_thread::yield();
  ++slots[which].value;
  slots[which].taken = false;
}

void slots_ok() {
  std::thread worker([] { use_slot(1); });
  use_slot(1);
  worker.join();
}

SCENARIO_MAIN(SCENARIO(waited_for_ok), SCENARIO(handed_over_ok), SCENARIO(event_ok),
              SCENARIO(two_events_ok), SCENARIO(through_a_function_ok), SCENARIO(turns_ok),
              SCENARIO(begins_taken_ok), SCENARIO(again_ok), SCENARIO(look_until_free_ok),
              SCENARIO(start_until_it_runs_ok), SCENARIO(captured_ok), SCENARIO(slots_ok))
