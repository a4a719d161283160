// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: %deadlock_found %t has_enough_bad
// RUN: %deadlock_found %t is_allowed_bad
// RUN: %t ok

// Whether the one object has enough of something says nothing about the order of the two.
#include "../scenarios.h"

#include <chrono>
#include <mutex>
#include <thread>

namespace {

struct account {
  std::mutex mutex;
  int number = 0;
  int balance = 10;
};

bool has_enough(account &from, account &to, int amount) {
  std::lock_guard<std::mutex> first(from.mutex);
  if (from.balance < amount)
    return false;
  // expected-warning@+1 {{'a.mutex' is locked here while 'b.mutex' is held}}
  std::lock_guard<std::mutex> second(to.mutex);
  from.balance -= amount;
  to.balance += amount;
  return true;
}

void has_enough_bad() {
  static account a, b;
  std::thread there([] { has_enough(a, b, 1); });
  std::thread back([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    has_enough(b, a, 2);
  });
  there.join();
  back.join();
}

bool is_allowed(const account &of, int amount) { return amount >= 0 && of.number >= 0; }

bool allowed_transfer(account &from, account &to, int amount) {
  std::lock_guard<std::mutex> first(from.mutex);
  if (!is_allowed(from, amount))
    return false;
  // expected-warning@+1 {{'a.mutex' is locked here while 'b.mutex' is held}}
  std::lock_guard<std::mutex> second(to.mutex);
  from.balance -= amount;
  to.balance += amount;
  return true;
}

void is_allowed_bad() {
  static account a, b;
  std::thread there([] { allowed_transfer(a, b, 1); });
  std::thread back([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    allowed_transfer(b, a, 2);
  });
  there.join();
  back.join();
}

void by_number(account &from, account &to, int amount) {
  account &low = from.number < to.number ? from : to, &high = &low == &from ? to : from;
  std::lock_guard<std::mutex> first(low.mutex);
  if (from.balance < amount)
    return;
  std::lock_guard<std::mutex> second(high.mutex);
  from.balance -= amount;
  to.balance += amount;
}

void by_number_ok() {
  static account a, b;
  b.number = 1;
  std::thread there([] { by_number(a, b, 1); });
  std::thread back([] { by_number(b, a, 2); });
  there.join();
  back.join();
}

bool comes_first(const account &a, const account &b) { return a.number < b.number; }

void asks(account &from, account &to, int amount) {
  if (!comes_first(from, to)) {
    std::lock_guard<std::mutex> first(to.mutex);
    std::lock_guard<std::mutex> second(from.mutex);
    to.balance -= amount;
    return;
  }
  std::lock_guard<std::mutex> first(from.mutex);
  std::lock_guard<std::mutex> second(to.mutex);
  from.balance -= amount;
}

void asks_ok() {
  static account a, b;
  b.number = 1;
  std::thread there([] { asks(a, b, 1); });
  std::thread back([] { asks(b, a, 2); });
  there.join();
  back.join();
}

void swapped(account *from, account *to, int amount) {
  if (from > to)
    std::swap(from, to);
  std::lock_guard<std::mutex> first(from->mutex);
  if (from->balance < amount)
    return;
  std::lock_guard<std::mutex> second(to->mutex);
  to->balance += amount;
}

void swapped_ok() {
  static account a, b;
  std::thread there([] { swapped(&a, &b, 1); });
  std::thread back([] { swapped(&b, &a, 2); });
  there.join();
  back.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(has_enough_bad), SCENARIO(is_allowed_bad), SCENARIO(by_number_ok),
              SCENARIO(asks_ok), SCENARIO(swapped_ok))
