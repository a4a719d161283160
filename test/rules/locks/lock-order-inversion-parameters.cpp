// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: not heddle --checks=lock-order-inversion %s -- -std=c++20 2>&1 | FileCheck %s
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: %deadlock_found %t guards_bad
// RUN: %deadlock_found %t by_hand_bad
// RUN: %deadlock_found %t between_bad
// RUN: %deadlock_found %t pointers_bad
// RUN: %deadlock_found %t swapped_for_nothing_bad
// RUN: %deadlock_found %t owned_bad
// RUN: %deadlock_found %t started_bad
// RUN: %deadlock_found %t main_bad
// RUN: %deadlock_found %t elements_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Two objects are locked as they are given: who calls says which comes first.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

namespace {

struct account {
  std::mutex m;
  int id = 0;
  long money = 100;
};

template <typename First, typename Second> void both(First first, Second second) {
  std::thread one(first), two(second);
  one.join();
  two.join();
}

account x, y;

void transfer(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m); // expected-warning {{'y.m' is locked here while 'x.m' is held for the call in line 52, and the other way round for the call in line 53; the thread that runs the lambda at line 52 and the thread that runs the lambda at line 53 can wait for each other for ever}}
  --from.money;
  ++to.money;
}

void guards_bad() {
  both(
      [] { transfer(x, y); }, // CHECK: [[@LINE]]:12: note: from here 'x.m' comes first, then 'y.m'
      [] { transfer(y, x); }); // CHECK: [[@LINE]]:12: note: from here 'y.m' comes first, then 'x.m'
}

account by_hand_x, by_hand_y;

void transfer_by_hand(account &from, account &to) {
  from.m.lock();
  to.m.lock(); // expected-warning {{'by_hand_y.m' is locked here while 'by_hand_x.m' is held, and two calls in line 68 do it the one way and the other}}
  --from.money;
  ++to.money;
  to.m.unlock();
  from.m.unlock();
}

void by_hand_bad() {
  both([] { transfer_by_hand(by_hand_x, by_hand_y); }, [] { transfer_by_hand(by_hand_y, by_hand_x); });
}

account payer, payee;

void settle(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m); // expected-warning {{'payee.m' is locked here while 'payer.m' is held for the call in line 82, and the other way round for the call in line 83}}
  ++to.money;
}

void pay(account &from, account &to) { settle(from, to); }

void between_bad() {
  std::thread there([] { pay(payer, payee); });
  std::thread back([] { pay(payee, payer); });
  there.join();
  back.join();
}

void move_money(account *from, account *to) {
  if (from == to)
    return;
  std::unique_lock<std::mutex> first(from->m);
  std::unique_lock<std::mutex> second(to->m); // expected-warning {{'hers.m' is locked here while 'his.m' is held for the call in line 99}}
  --from->money;
}

void pointers_bad() {
  account his, hers;
  account *a = &his, *b = &hers;
  std::thread there([=] { move_money(a, b); });
  std::thread back([=] { move_money(b, a); });
  there.join();
  back.join();
}

account left, right;

// What is swapped on both ways is in no order.
void turned(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m); // expected-warning {{'right.m' is locked here while 'left.m' is held}}
  ++to.money;
}

void always_turns(account &from, account &to) {
  if (from.id < 0)
    return;
  turned(to, from);
}

void swapped_for_nothing_bad() {
  both([] { always_turns(left, right); }, [] { always_turns(right, left); });
}

void owned_bad() {
  auto one = std::make_unique<account>(), two = std::make_unique<account>();
  auto move_owned = [](account &from, account &to) {
    std::lock_guard<std::mutex> first(from.m);
    std::lock_guard<std::mutex> second(to.m); // expected-warning {{'to.m' is locked here while 'from.m' is held, and two threads started in line 36 do it the one way and the other}}
    ++to.money;
  };
  both([&] { move_owned(*one, *two); }, [&] { move_owned(*two, *one); });
}

account source, target;

void shift(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m); // expected-warning {{'target.m' is locked here while 'source.m' is held for the thread started in line 148, and the other way round for the thread started in line 149}}
  ++to.money;
}

void shift_often(account &from, account &to) {
  for (int i = 0; i < 100; ++i)
    shift(from, to);
}

void started_bad() {
  std::thread there(shift_often, std::ref(source), std::ref(target));
  std::thread back(shift_often, std::ref(target), std::ref(source));
  there.join();
  back.join();
}

struct person {
  std::mutex m;
  long money = 100;
  void give(person &to) {
    std::lock_guard<std::mutex> mine(m);
    std::lock_guard<std::mutex> theirs(to.m); // expected-warning {{'anna.m' is locked here while 'bert.m' is held}}
    --money;
    ++to.money;
  }
};

person anna, bert;

void main_bad() {
  std::thread there([] { anna.give(bert); });
  bert.give(anna);
  there.join();
}

account row[4];

void transfer_in_row(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m); // expected-warning {{the locks of 'row' are taken in one direction here and in the other one by another call}}
  ++to.money;
}

void elements_bad() {
  both([] { transfer_in_row(row[0], row[1]); }, [] { transfer_in_row(row[1], row[0]); });
}

// What follows is good.

account low, high;

void by_address(account &from, account &to) {
  if (&from < &to) {
    std::lock_guard<std::mutex> first(from.m);
    std::lock_guard<std::mutex> second(to.m);
    ++to.money;
  } else {
    std::lock_guard<std::mutex> first(to.m);
    std::lock_guard<std::mutex> second(from.m);
    ++to.money;
  }
}

void by_address_ok() {
  both([] { by_address(low, high); }, [] { by_address(high, low); });
}

account smaller, larger;

void calls_itself(account &from, account &to) {
  if (std::less<account *>()(&to, &from)) {
    calls_itself(to, from);
    return;
  }
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void calls_itself_ok() {
  both([] { calls_itself(smaller, larger); }, [] { calls_itself(larger, smaller); });
}

account lesser, greater;

bool only_in_order(account &from, account &to) {
  if (from.id > to.id)
    return false;
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
  return true;
}

void only_in_order_ok() {
  greater.id = 1;
  both([] { only_in_order(lesser, greater); }, [] { only_in_order(greater, lesser); });
}

account near_one, far_one;

void one_before_or_after(account &from, account &to) {
  bool is_first = from.id < to.id;
  if (is_first)
    from.m.lock();
  to.m.lock();
  if (!is_first)
    from.m.lock();
  ++to.money;
  from.m.unlock();
  to.m.unlock();
}

void one_before_or_after_ok() {
  near_one.id = 1;
  both([] { one_before_or_after(near_one, far_one); }, [] { one_before_or_after(far_one, near_one); });
}

account first_of_two, second_of_two;

void in_order(account *first, account *second) {
  std::lock_guard<std::mutex> one(first->m);
  std::lock_guard<std::mutex> two(second->m);
  ++second->money;
}

void put_in_order(account *from, account *to) {
  if (std::less<>()(to, from))
    std::swap(from, to);
  in_order(from, to);
}

void put_in_order_ok() {
  both([] { put_in_order(&first_of_two, &second_of_two); }, [] { put_in_order(&second_of_two, &first_of_two); });
}

account one_side, other_side;

void branches(account &from, account &to) {
  if (&to < &from)
    in_order(&to, &from);
  else
    in_order(&from, &to);
}

void branches_ok() { both([] { branches(one_side, other_side); }, [] { branches(other_side, one_side); }); }

account together_x, together_y;

void together(account &from, account &to) {
  std::scoped_lock hold(from.m, to.m);
  ++to.money;
}

void adopted(account &from, account &to) {
  std::lock(from.m, to.m);
  std::lock_guard<std::mutex> first(from.m, std::adopt_lock);
  std::lock_guard<std::mutex> second(to.m, std::adopt_lock);
  ++to.money;
}

void together_ok() {
  both([] { together(together_x, together_y); }, [] { adopted(together_y, together_x); });
}

std::mutex bank;
account behind_x, behind_y;

void behind_the_bank(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void common_lock_ok() {
  both(
      [] {
        std::lock_guard<std::mutex> hold(bank);
        behind_the_bank(behind_x, behind_y);
      },
      [] {
        std::lock_guard<std::mutex> hold(bank);
        behind_the_bank(behind_y, behind_x);
      });
}

account same_x, same_y;

void same_way(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void same_way_ok() {
  both([] { same_way(same_x, same_y); }, [] { same_way(same_x, same_y); });
}

account alone_x, alone_y;

void alone(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void one_thread_ok() {
  std::thread only([] {
    alone(alone_x, alone_y);
    alone(alone_y, alone_x);
  });
  only.join();
}

account early_x, early_y;

void early(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void after_the_join_ok() {
  std::thread there([] { early(early_x, early_y); });
  there.join();
  early(early_y, early_x);
}

account known;

void with_whom(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

// Nobody says that it is the same one.
void one_unknown(account &one, account &another) {
  both([&] { with_whom(known, one); }, [&] { with_whom(another, known); });
}

void one_unknown_ok() {
  account one, another;
  one_unknown(one, another);
}

account row_of_others[4];

void transfer_in_others(account &from, account &to) {
  std::lock_guard<std::mutex> first(from.m);
  std::lock_guard<std::mutex> second(to.m);
  ++to.money;
}

void other_elements_ok() {
  both([] { transfer_in_others(row_of_others[0], row_of_others[1]); },
       [] { transfer_in_others(row_of_others[3], row_of_others[2]); });
}

} // namespace

SCENARIO_MAIN(SCENARIO(guards_bad), SCENARIO(by_hand_bad), SCENARIO(between_bad),
              SCENARIO(pointers_bad), SCENARIO(swapped_for_nothing_bad), SCENARIO(owned_bad),
              SCENARIO(started_bad), SCENARIO(main_bad), SCENARIO(elements_bad),
              SCENARIO(by_address_ok), SCENARIO(calls_itself_ok), SCENARIO(only_in_order_ok), SCENARIO(one_before_or_after_ok),
              SCENARIO(put_in_order_ok), SCENARIO(branches_ok), SCENARIO(together_ok),
              SCENARIO(common_lock_ok), SCENARIO(same_way_ok), SCENARIO(one_thread_ok),
              SCENARIO(after_the_join_ok), SCENARIO(one_unknown_ok), SCENARIO(other_elements_ok))
