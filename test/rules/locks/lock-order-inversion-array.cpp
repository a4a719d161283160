// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t ring_bad
// RUN: %deadlock_found %t ring_by_condition_bad
// RUN: %deadlock_found %t both_directions_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// ThreadSanitizer compares orders whatever keeps the threads apart, so that the good ones only have
// to end.

// Locks in an array: which of them is meant shows in the subscript.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

namespace {

constexpr int seats = 3;

template <typename Body> void all_at_once(Body body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < seats; ++i)
    threads.emplace_back(body, i);
  for (std::thread &thread : threads)
    thread.join();
}

std::array<std::mutex, seats> forks;

void dine(int seat) {
  int next = (seat + 1) % seats;
  for (int i = 0; i < 100; ++i) {
    std::lock_guard<std::mutex> left(forks[seat]);
    std::lock_guard<std::mutex> right(forks[next]); // expected-warning {{the next lock of 'forks' is taken here while one is held, and behind the last one comes the first: once every thread has one, all wait for each other for ever}}
  }
}

void ring_bad() { all_at_once(dine); }

std::mutex gates[seats];

void pass(int gate) {
  gates[gate].lock();
  gates[gate + 1 == seats ? 0 : gate + 1].lock(); // expected-warning {{the next lock of 'gates' is taken here while one is held}}
  gates[gate + 1 == seats ? 0 : gate + 1].unlock();
  gates[gate].unlock();
}

void ring_by_condition_bad() { all_at_once(pass); }

std::mutex levels[seats];

void upwards(int) {
  for (int i = 0; i + 1 < seats; ++i) {
    std::lock_guard<std::mutex> lower(levels[i]);
    std::lock_guard<std::mutex> upper(levels[i + 1]);
  }
}

void downwards(int) {
  for (int i = seats - 1; i > 0; --i) {
    std::lock_guard<std::mutex> upper(levels[i]);
    std::lock_guard<std::mutex> lower(levels[i - 1]); // expected-warning {{the locks of 'levels' are taken in one direction here and in the other one in line}}
  }
}

void both_directions_bad() {
  std::thread one(upwards, 0), two(downwards, 0);
  one.join();
  two.join();
}

// The last one reaches for the other side first.
std::mutex sticks[seats];

void dine_left_handed(int seat) {
  int next = (seat + 1) % seats;
  if (seat + 1 == seats) {
    std::lock_guard<std::mutex> right(sticks[next]);
    std::lock_guard<std::mutex> left(sticks[seat]);
  } else {
    std::lock_guard<std::mutex> left(sticks[seat]);
    std::lock_guard<std::mutex> right(sticks[next]);
  }
}

void left_handed_ok() { all_at_once(dine_left_handed); }

// The lower one first, whichever it is.
std::mutex spoons[seats];

void dine_in_order(int seat) {
  int next = (seat + 1) % seats;
  std::lock_guard<std::mutex> lower(spoons[std::min(seat, next)]);
  std::lock_guard<std::mutex> upper(spoons[std::max(seat, next)]);
}

void in_order_ok() { all_at_once(dine_in_order); }

// One seat stays free.
std::mutex knives[seats];
std::counting_semaphore<seats> room(seats - 1);

void dine_by_permit(int seat) {
  room.acquire();
  {
    std::lock_guard<std::mutex> left(knives[seat]);
    std::lock_guard<std::mutex> right(knives[(seat + 1) % seats]);
  }
  room.release();
}

void permit_ok() { all_at_once(dine_by_permit); }

// The waiter is asked first.
std::mutex waiter, plates[seats];

void dine_by_waiter(int seat) {
  std::lock_guard<std::mutex> asked(waiter);
  std::lock_guard<std::mutex> left(plates[seat]);
  std::lock_guard<std::mutex> right(plates[(seat + 1) % seats]);
}

void waiter_ok() { all_at_once(dine_by_waiter); }

std::mutex cups[seats];

void dine_together(int seat) { std::scoped_lock both(cups[seat], cups[(seat + 1) % seats]); }

void together_ok() { all_at_once(dine_together); }

// All of them, one after the other, always from below.
std::mutex shards[seats];

void lock_all(int) {
  for (std::mutex &shard : shards)
    shard.lock();
  for (std::mutex &shard : shards)
    shard.unlock();
}

void all_ok() { all_at_once(lock_all); }

} // namespace

SCENARIO_MAIN(SCENARIO(ring_bad), SCENARIO(ring_by_condition_bad), SCENARIO(both_directions_bad),
              SCENARIO(left_handed_ok), SCENARIO(in_order_ok), SCENARIO(permit_ok),
              SCENARIO(waiter_ok), SCENARIO(together_ok), SCENARIO(all_ok))
