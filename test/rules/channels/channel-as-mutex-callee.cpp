// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// The two halves of the pair stand in functions that are called.
#include "heddle/heddle.h"

#include <semaphore>
#include <thread>

void use(int value);

const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
int balance = 0;

void enter() { token.send({}); }
void leave() { (void)token.receive(); }

void deposit() {
  enter();
  balance += 10;
  leave();
}

void enter_and_leave_bad() {
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}

std::binary_semaphore slot(1); // expected-warning {{mutex}}
int sum = 0;

void take_slot() { slot.acquire(); }
void give_slot() { slot.release(); }

void add() {
  take_slot();
  ++sum;
  give_slot();
}

void semaphore_wrapped_bad() {
  std::thread other(add);
  add();
  other.join();
}

const auto ready = heddle::make_channel<heddle::unit>(1);

void announce() { ready.send({}); }
void await() { (void)ready.receive(); }

void signal_wrapped_ok() {
  heddle::task worker = heddle::go([] {
    use(1);
    announce();
  });
  await();
  worker.join();
}

std::binary_semaphore permit(1);
int permits_used = 0;

void take_permit() { permit.acquire(); }
void return_permit() { permit.release(); }
void when_done(void (*action)());

// Whoever is given one half may run it at any time.
void half_handed_on_ok() {
  take_permit();
  ++permits_used;
  return_permit();
  when_done(return_permit);
}

std::binary_semaphore turn(1);

void take_turn() { turn.acquire(); }
void pass_turn() { turn.release(); }

void half_in_a_thread_ok() {
  take_turn();
  std::thread other(pass_turn);
  other.join();
}
