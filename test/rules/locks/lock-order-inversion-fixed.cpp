// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t deferred_bad
// RUN: %deadlock_found %t owners_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Two objects that a function is given and locks in the order in which they come, by guards that
// take their locks later and through smart pointers; and those that are compared before.
#include "../scenarios.h"

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace {

struct Account {
  std::mutex mutex;
  int balance = 0;
};

using Owner = std::shared_ptr<Account>;
using Guard = std::unique_lock<std::mutex>;

void move_later(Account &from, Account &to) {
  Guard first(from.mutex, std::defer_lock), second(to.mutex, std::defer_lock);
  first.lock();
  second.lock(); // expected-warning {{is locked here while}}
  --from.balance;
  ++to.balance;
}

void deferred_bad() {
  Account his, hers;
  std::thread there(move_later, std::ref(his), std::ref(hers));
  std::thread back(move_later, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

void move_owned(Owner from, Owner to) {
  std::lock_guard<std::mutex> first(from->mutex);
  std::lock_guard<std::mutex> second(to->mutex); // expected-warning {{is locked here while}}
  --from->balance;
  ++to->balance;
}

void owners_bad() {
  auto his = std::make_shared<Account>(), hers = std::make_shared<Account>();
  std::thread there([=] { move_owned(his, hers); });
  std::thread back([=] { move_owned(hers, his); });
  there.join();
  back.join();
}

// Near misses.
void move_together(Account &from, Account &to) {
  Guard first(from.mutex, std::defer_lock), second(to.mutex, std::defer_lock);
  std::lock(first, second);
  --from.balance;
  ++to.balance;
}

void together_ok() {
  Account his, hers;
  std::thread there(move_together, std::ref(his), std::ref(hers));
  std::thread back(move_together, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

void move_compared(Account &from, Account &to) {
  Guard first(from.mutex, std::defer_lock), second(to.mutex, std::defer_lock);
  if (&to < &from)
    std::swap(first, second);
  first.lock();
  second.lock();
  --from.balance;
  ++to.balance;
}

void compared_ok() {
  Account his, hers;
  std::thread there(move_compared, std::ref(his), std::ref(hers));
  std::thread back(move_compared, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

void move_by_locks(Account &from, Account &to) {
  Guard first(from.mutex, std::defer_lock), second(to.mutex, std::defer_lock);
  if (second.mutex() < first.mutex())
    first.swap(second);
  first.lock();
  second.lock();
  --from.balance;
  ++to.balance;
}

void by_locks_ok() {
  Account his, hers;
  std::thread there(move_by_locks, std::ref(his), std::ref(hers));
  std::thread back(move_by_locks, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

void move_sorted(Owner from, Owner to) {
  if (to < from)
    std::swap(from, to);
  std::lock_guard<std::mutex> first(from->mutex);
  std::lock_guard<std::mutex> second(to->mutex);
  --from->balance;
  ++to->balance;
}

void sorted_ok() {
  auto his = std::make_shared<Account>(), hers = std::make_shared<Account>();
  std::thread there([=] { move_sorted(his, hers); });
  std::thread back([=] { move_sorted(hers, his); });
  there.join();
  back.join();
}

} // namespace

SCENARIO_MAIN(SCENARIO(deferred_bad), SCENARIO(owners_bad), SCENARIO(together_ok),
              SCENARIO(compared_ok), SCENARIO(by_locks_ok), SCENARIO(sorted_ok))
