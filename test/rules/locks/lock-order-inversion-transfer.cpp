// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: not %heddle check --checks=lock-order-inversion %s -- -std=c++20 | %FileCheck %s
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t numbers_bad
// RUN: %deadlock_found %t method_bad
// RUN: %deadlock_found %t drawn_bad
// RUN: %deadlock_found %t drawn_objects_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// Two elements of one collection are locked, one after the other: the caller says which comes
// first.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

namespace {

constexpr int rounds = 100, count = 4;

struct Account {
  std::mutex lock;
  long money = 100;
};

template <typename First, typename Second> void both(First first, Second second) {
  std::thread one(first), two(second);
  one.join();
  two.join();
}

class Bank {
public:
  void move(int from, int to, long sum) {
    if (from < 0 || from >= count || from == to)
      return;
    std::lock_guard<std::mutex> first(accounts_[from].lock);
    std::lock_guard<std::mutex> second(accounts_[to].lock); // expected-warning {{the locks of 'bank.accounts_' are taken in one direction here and in the other one by another call}}
    accounts_[from].money -= sum;
    accounts_[to].money += sum;
  }

private:
  std::vector<Account> accounts_{count};
};

void method_bad() {
  Bank bank;
  both([&bank] { bank.move(0, 1, 5); }, [&bank] { bank.move(1, 0, 7); });
}

std::mutex doors[count];
long opened;

void pass(int from, int to) {
  std::lock_guard<std::mutex> first(doors[from]);
  std::lock_guard<std::mutex> second(doors[to]); // expected-warning {{the locks of 'doors' are taken in one direction here and in the other one by another call}}
}

void numbers_bad() {
  std::thread one(pass, 1, 2), two(pass, 2, 1);
  one.join();
  two.join();
}

std::deque<Account> accounts(count);

void transfer(int from, int to, long sum) {
  if (from == to)
    return;
  std::lock_guard<std::mutex> first(accounts[from].lock);
  std::lock_guard<std::mutex> second(accounts[to].lock); // expected-warning {{two locks of 'accounts' are taken here in the order in which the caller happens to give them}}
  accounts[from].money -= sum;
  accounts[to].money += sum;
}

void drawing(unsigned seed) {
  std::minstd_rand random(seed);
  std::uniform_int_distribution<int> any(0, count - 1);
  for (int i = 0; i < rounds; ++i)
    transfer(any(random), any(random), 1); // CHECK: [[@LINE]]:5: note: chosen alike here: either of the two may come first
}

void drawn_bad() { both([] { drawing(1); }, [] { drawing(2); }); }

struct Purse {
  std::mutex lock;
  long money = 100;
};

std::deque<Purse> purses(count);

void transfer_between(Purse &from, Purse &to, long sum) {
  if (&from == &to)
    return;
  std::lock_guard<std::mutex> first(from.lock);
  std::lock_guard<std::mutex> second(to.lock); // expected-warning {{two locks of 'purses' are taken here in the order in which the caller happens to give them}}
  from.money -= sum;
  to.money += sum;
}

void drawing_objects(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    int from = random() % count;
    int to = random() % count;
    transfer_between(purses[from], purses[to], 1);
  }
}

void drawn_objects_bad() { both([] { drawing_objects(1); }, [] { drawing_objects(2); }); }

// What follows is good.

std::mutex halls[count];

void walk(int from, int to) {
  std::lock_guard<std::mutex> first(halls[from]);
  std::lock_guard<std::mutex> second(halls[to]);
}

void same_direction_ok() { both([] { walk(0, 1); }, [] { walk(1, 2); }); }

std::mutex yards[count];

void stroll(int from, int to) {
  std::lock_guard<std::mutex> first(yards[from]);
  std::lock_guard<std::mutex> second(yards[to]);
}

// Up and down, but never the same two.
void other_elements_ok() { both([] { stroll(0, 1); }, [] { stroll(3, 2); }); }

std::mutex ordered[count];

void in_order(int from, int to) {
  if (from > to)
    std::swap(from, to);
  std::lock_guard<std::mutex> first(ordered[from]);
  std::lock_guard<std::mutex> second(ordered[to]);
}

void swapped_ok() { both([] { in_order(1, 2); }, [] { in_order(2, 1); }); }

std::mutex branched[count];

void by_branch(int from, int to) {
  if (from < to) {
    std::lock_guard<std::mutex> first(branched[from]);
    std::lock_guard<std::mutex> second(branched[to]);
  } else if (to < from) {
    std::lock_guard<std::mutex> first(branched[to]);
    std::lock_guard<std::mutex> second(branched[from]);
  }
}

void branched_ok() { both([] { by_branch(1, 2); }, [] { by_branch(2, 1); }); }

std::mutex picked[count];

void by_lower(int from, int to) {
  int low = std::min(from, to), high = std::max(from, to);
  std::lock_guard<std::mutex> first(picked[low]);
  std::lock_guard<std::mutex> second(picked[high]);
}

void picked_ok() { both([] { by_lower(1, 2); }, [] { by_lower(2, 1); }); }

bool comes_before(int a, int b) { return a < b; }

std::mutex asked[count];

void by_asking(int from, int to) {
  std::mutex &first = comes_before(from, to) ? asked[from] : asked[to];
  std::mutex &second = comes_before(from, to) ? asked[to] : asked[from];
  std::lock_guard<std::mutex> one(first);
  std::lock_guard<std::mutex> two(second);
}

void asked_ok() { both([] { by_asking(1, 2); }, [] { by_asking(2, 1); }); }

std::deque<Account> together(count);

void transfer_together(int from, int to) {
  if (from == to)
    return;
  std::scoped_lock both(together[from].lock, together[to].lock);
  ++together[from].money;
}

void drawing_together(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i)
    transfer_together(random() % count, random() % count);
}

void together_ok() { both([] { drawing_together(1); }, [] { drawing_together(2); }); }

std::deque<Account> sorted(count);

void transfer_sorted(int low, int high) {
  std::lock_guard<std::mutex> first(sorted[low].lock);
  std::lock_guard<std::mutex> second(sorted[high].lock);
}

// The caller sees to it.
void drawing_sorted(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    int from = random() % count;
    int to = random() % count;
    if (from < to)
      transfer_sorted(from, to);
  }
}

void sorted_ok() { both([] { drawing_sorted(1); }, [] { drawing_sorted(2); }); }

std::deque<Account> by_address(count);

void transfer_by_address(Account &from, Account &to) {
  if (&from == &to)
    return;
  Account *first = &from, *second = &to;
  if (std::less<Account *>()(second, first))
    std::swap(first, second);
  std::lock_guard<std::mutex> one(first->lock);
  std::lock_guard<std::mutex> two(second->lock);
  --from.money;
  ++to.money;
}

void drawing_by_address(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i)
    transfer_by_address(by_address[random() % count], by_address[random() % count]);
}

void by_address_ok() { both([] { drawing_by_address(1); }, [] { drawing_by_address(2); }); }

std::mutex bank_door;
std::deque<Account> behind_a_door(count);

void transfer_behind_a_door(int from, int to) {
  if (from == to)
    return;
  std::lock_guard<std::mutex> door(bank_door);
  std::lock_guard<std::mutex> first(behind_a_door[from].lock);
  std::lock_guard<std::mutex> second(behind_a_door[to].lock);
}

void drawing_behind_a_door(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i)
    transfer_behind_a_door(random() % count, random() % count);
}

void behind_a_door_ok() {
  both([] { drawing_behind_a_door(1); }, [] { drawing_behind_a_door(2); });
}

std::deque<Account> alone(count);

void transfer_alone(int from, int to) {
  if (from == to)
    return;
  std::lock_guard<std::mutex> first(alone[from].lock);
  std::lock_guard<std::mutex> second(alone[to].lock);
}

void drawing_alone(unsigned seed) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i)
    transfer_alone(random() % count, random() % count);
}

// One thread does all of it.
void alone_ok() {
  std::thread one(drawing_alone, 1);
  one.join();
}

// A call with numbers beside one with what nobody knows.
std::mutex rows[count];

void join_rows(int upper, int lower) {
  std::lock_guard<std::mutex> first(rows[upper]);
  std::lock_guard<std::mutex> second(rows[lower]);
}

void loops_ok() {
  auto all = [] {
    for (int i = 0; i < count; ++i)
      for (int j = i + 1; j < count; ++j)
        join_rows(i, j);
  };
  both(all, all);
}

const scenario all[] = {
    {"method_bad", method_bad},
    {"numbers_bad", numbers_bad},
    {"drawn_bad", drawn_bad},
    {"drawn_objects_bad", drawn_objects_bad},
    {"same_direction_ok", same_direction_ok},
    {"other_elements_ok", other_elements_ok},
    {"swapped_ok", swapped_ok},
    {"branched_ok", branched_ok},
    {"picked_ok", picked_ok},
    {"asked_ok", asked_ok},
    {"together_ok", together_ok},
    {"sorted_ok", sorted_ok},
    {"by_address_ok", by_address_ok},
    {"behind_a_door_ok", behind_a_door_ok},
    {"alone_ok", alone_ok},
    {"loops_ok", loops_ok},
};

} // namespace

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
