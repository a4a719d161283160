// RUN: %heddle_verify --checks=lock-order-inversion %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %deadlock_found %t threads_bad
// RUN: %deadlock_found %t circle_bad
// RUN: %deadlock_found %t through_callee_bad
// RUN: %deadlock_found %t lambdas_bad
// RUN: %deadlock_found %t transfer_bad
// RUN: %deadlock_found %t member_bad
// RUN: %deadlock_found %t template_bad
// RUN: %deadlock_found %t read_locks_bad
// RUN: env TSAN_OPTIONS=detect_deadlocks=0 %t ok

// ThreadSanitizer compares orders whatever keeps the threads apart, so that the good ones only have
// to end.

// clang-format off: expectations stand on the line.

#include "../scenarios.h"

#include <functional>
#include <mutex>
#include <shared_mutex>
#include <thread>

namespace {

// [example: bad]
std::mutex accounts, journal;
int balance, entries;

void book() {
  std::lock_guard<std::mutex> hold_accounts(accounts);
  std::lock_guard<std::mutex> hold_journal(journal);
  ++balance;
  ++entries;
}

void audit() {
  std::lock_guard<std::mutex> hold_journal(journal);
  std::lock_guard<std::mutex> hold_accounts(accounts); // expected-warning {{'accounts' is locked here while 'journal' is held, and in 'book' it is the other way round; the thread that runs 'audit' and the thread that runs 'book' can wait for each other for ever}}
  entries = balance;
}

void threads_bad() {
  std::thread booking(book);
  std::thread auditing(audit);
  booking.join();
  auditing.join();
}
// [end]

std::mutex first, second, third;

void first_then_second() {
  std::lock_guard<std::mutex> outer(first);
  std::lock_guard<std::mutex> inner(second);
}

void second_then_third() {
  std::lock_guard<std::mutex> outer(second);
  std::lock_guard<std::mutex> inner(third);
}

void third_then_first() {
  std::lock_guard<std::mutex> outer(third);
  std::lock_guard<std::mutex> inner(first); // expected-warning {{'first' is locked here while 'third' is held, and 2 other places close a circle of locks}}
}

void circle_bad() {
  std::thread one(first_then_second), two(second_then_third), three(third_then_first);
  one.join();
  two.join();
  three.join();
}

std::mutex table, row;

void lock_row() { row.lock(); }
void unlock_row() { row.unlock(); }
void touch_table() { std::lock_guard<std::mutex> hold(table); }

void table_after_row() {
  lock_row();
  touch_table();
  unlock_row();
}

void row_after_table() {
  std::unique_lock<std::mutex> hold(table);
  std::lock_guard<std::mutex> inner(row); // expected-warning {{'row' is locked here while 'table' is held, and in 'touch_table' it is the other way round}}
}

void through_callee_bad() {
  std::thread one(table_after_row), two(row_after_table);
  one.join();
  two.join();
}

void lambdas_bad() {
  std::mutex a, b;
  std::thread one([&] {
    std::lock_guard<std::mutex> hold_a(a);
    std::lock_guard<std::mutex> hold_b(b);
  });
  std::thread two([&] {
    std::lock_guard<std::mutex> hold_b(b);
    std::lock_guard<std::mutex> hold_a(a); // expected-warning {{'a' is locked here while 'b' is held}}
  });
  one.join();
  two.join();
}

struct Account {
  std::mutex mutex;
  int balance = 0;
};

void transfer(Account &from, Account &to) {
  std::lock_guard<std::mutex> hold_from(from.mutex);
  std::lock_guard<std::mutex> hold_to(to.mutex); // expected-warning {{'hers.mutex' is locked here while 'his.mutex' is held for the thread started in line 127, and the other way round for the thread started in line 128; two threads that do so at the same time wait for each other for ever}}
  --from.balance;
  ++to.balance;
}

void transfer_bad() {
  Account his, hers;
  std::thread there(transfer, std::ref(his), std::ref(hers));
  std::thread back(transfer, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

// A class that owns two locks and takes them in both orders needs no thread in sight.
class Cache {
public:
  void put(int value) {
    std::lock_guard<std::mutex> hold(data_lock);
    data = value;
    count();
  }
  int evict() {
    std::lock_guard<std::mutex> hold(stats_lock);
    std::lock_guard<std::mutex> inner(data_lock);
    --stats;
    return data;
  }

private:
  void count() {
    std::lock_guard<std::mutex> hold(stats_lock); // expected-warning {{'stats_lock' is locked here while 'data_lock' is held, and in 'Cache::evict' it is the other way round; threads that do so at the same time wait for each other for ever}}
    ++stats;
  }
  std::mutex data_lock, stats_lock;
  int data = 0, stats = 0;
};

void member_bad() {
  static Cache cache;
  cache.put(1);
  cache.evict();
}

template <typename Lock> struct Pair {
  Lock left, right;
  void forwards() {
    std::lock_guard<Lock> outer(left);
    std::lock_guard<Lock> inner(right);
  }
  void backwards() {
    std::lock_guard<Lock> outer(right);
    std::lock_guard<Lock> inner(left); // expected-warning {{'pair.left' is locked here while 'pair.right' is held}}
  }
};

void template_bad() {
  static Pair<std::mutex> pair;
  std::thread one([] { pair.forwards(); });
  std::thread two([] { pair.backwards(); });
  one.join();
  two.join();
}

std::shared_mutex index_lock;
std::mutex store_lock;

void read_then_store() {
  std::shared_lock<std::shared_mutex> reading(index_lock);
  std::lock_guard<std::mutex> hold(store_lock);
}

void store_then_write() {
  std::lock_guard<std::mutex> hold(store_lock);
  std::unique_lock<std::shared_mutex> writing(index_lock); // expected-warning {{'index_lock' is locked here while 'store_lock' is held}}
}

void read_locks_bad() {
  std::thread one(read_then_store), two(store_then_write);
  one.join();
  two.join();
}

// [example: good]
void book_together() {
  std::scoped_lock both(accounts, journal);
  ++balance;
  ++entries;
}

void audit_together() {
  std::scoped_lock both(journal, accounts);
  entries = balance;
}

void together_ok() {
  std::thread booking(book_together);
  std::thread auditing(audit_together);
  booking.join();
  auditing.join();
}
// [end]

std::mutex same_a, same_b;

void same_order() {
  std::lock_guard<std::mutex> outer(same_a);
  std::lock_guard<std::mutex> inner(same_b);
}

void same_order_ok() {
  std::thread one(same_order), two(same_order);
  one.join();
  two.join();
}

std::mutex gate, behind_a, behind_b;

void a_then_b_behind_gate() {
  std::lock_guard<std::mutex> enter(gate);
  std::lock_guard<std::mutex> outer(behind_a);
  std::lock_guard<std::mutex> inner(behind_b);
}

void b_then_a_behind_gate() {
  std::lock_guard<std::mutex> enter(gate);
  std::lock_guard<std::mutex> outer(behind_b);
  std::lock_guard<std::mutex> inner(behind_a);
}

void gate_ok() {
  std::thread one(a_then_b_behind_gate), two(b_then_a_behind_gate);
  one.join();
  two.join();
}

std::mutex tried_a, tried_b;

void a_then_b_waits() {
  std::lock_guard<std::mutex> outer(tried_a);
  std::lock_guard<std::mutex> inner(tried_b);
}

void b_then_a_tries() {
  std::lock_guard<std::mutex> outer(tried_b);
  std::unique_lock<std::mutex> inner(tried_a, std::try_to_lock);
  if (inner.owns_lock())
    balance = 0;
}

void tried_ok() {
  std::thread one(a_then_b_waits), two(b_then_a_tries);
  one.join();
  two.join();
}

std::mutex lone_a, lone_b;

void one_thread() {
  {
    std::lock_guard<std::mutex> outer(lone_a);
    std::lock_guard<std::mutex> inner(lone_b);
  }
  std::lock_guard<std::mutex> outer(lone_b);
  std::lock_guard<std::mutex> inner(lone_a);
}

void other_thread() { std::lock_guard<std::mutex> hold(lone_a); }

std::mutex early_a, early_b;

void a_then_b_early() {
  std::lock_guard<std::mutex> outer(early_a);
  std::lock_guard<std::mutex> inner(early_b);
}

void b_then_a_late() {
  std::lock_guard<std::mutex> outer(early_b);
  std::lock_guard<std::mutex> inner(early_a);
}

// The first one has ended when the second one starts, and main has done its part by then.
void joined_before_ok() {
  std::thread one(a_then_b_early);
  one.join();
  std::thread two(b_then_a_late);
  two.join();
}

std::mutex dropped_a, dropped_b;

void a_dropped_before_b() {
  std::unique_lock<std::mutex> hold(dropped_a);
  balance = 0;
  hold.unlock();
  std::lock_guard<std::mutex> next(dropped_b);
}

void b_then_a() {
  std::lock_guard<std::mutex> outer(dropped_b);
  std::lock_guard<std::mutex> inner(dropped_a);
}

void dropped_ok() {
  std::thread one(a_dropped_before_b), two(b_then_a);
  one.join();
  two.join();
}

void ordered_transfer(Account &from, Account &to) {
  if (&from < &to) {
    std::lock_guard<std::mutex> outer(from.mutex);
    std::lock_guard<std::mutex> inner(to.mutex);
    --from.balance;
    ++to.balance;
  } else {
    std::lock_guard<std::mutex> outer(to.mutex);
    std::lock_guard<std::mutex> inner(from.mutex);
    --from.balance;
    ++to.balance;
  }
}

void ordered_transfer_ok() {
  Account his, hers;
  std::thread there(ordered_transfer, std::ref(his), std::ref(hers));
  std::thread back(ordered_transfer, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

void safe_transfer(Account &from, Account &to) {
  std::unique_lock<std::mutex> hold_from(from.mutex, std::defer_lock);
  std::unique_lock<std::mutex> hold_to(to.mutex, std::defer_lock);
  std::lock(hold_from, hold_to);
  --from.balance;
  ++to.balance;
}

void deferred_ok() {
  Account his, hers;
  std::thread there(safe_transfer, std::ref(his), std::ref(hers));
  std::thread back(safe_transfer, std::ref(hers), std::ref(his));
  there.join();
  back.join();
}

// Hand over hand: each node before the next one, whoever comes.
struct Node {
  std::mutex mutex;
  Node *next = nullptr;
  int value = 0;
};

class List {
public:
  void add(int value) {
    auto *node = new Node;
    node->value = value;
    std::lock_guard<std::mutex> hold(head.mutex);
    node->next = head.next;
    head.next = node;
  }
  bool find(int value) {
    Node *at = &head;
    at->mutex.lock();
    while (at->next) {
      Node *next = at->next;
      next->mutex.lock();
      at->mutex.unlock();
      at = next;
      if (at->value == value) {
        at->mutex.unlock();
        return true;
      }
    }
    at->mutex.unlock();
    return false;
  }

private:
  Node head;
};

void hand_over_hand_ok() {
  static List list;
  list.add(1);
  std::thread one([] { list.find(1); }), two([] { list.add(2); });
  one.join();
  two.join();
}

// Both only read: neither keeps the other out.
std::shared_mutex readers_a, readers_b;

void read_a_then_b() {
  std::shared_lock<std::shared_mutex> outer(readers_a);
  std::shared_lock<std::shared_mutex> inner(readers_b);
}

void read_b_then_a() {
  std::shared_lock<std::shared_mutex> outer(readers_b);
  std::shared_lock<std::shared_mutex> inner(readers_a);
}

// The owner may lock a recursive mutex again, under whatever it has locked since.
class Tree {
public:
  void grow() {
    std::lock_guard<std::recursive_mutex> hold(tree_lock);
    std::lock_guard<std::mutex> inner(leaf_lock);
    trim();
  }
  void trim() {
    std::lock_guard<std::recursive_mutex> hold(tree_lock);
    ++size;
  }

private:
  std::recursive_mutex tree_lock;
  std::mutex leaf_lock;
  int size = 0;
};

void recursive_ok() {
  static Tree tree;
  std::thread one([] { tree.grow(); }), two([] { tree.trim(); });
  one.join();
  two.join();
}

// Nobody else knows the object before the constructor is done.
class Setup {
public:
  Setup() {
    std::lock_guard<std::mutex> outer(b);
    std::lock_guard<std::mutex> inner(a);
    ready = true;
  }
  bool work() {
    std::lock_guard<std::mutex> outer(a);
    std::lock_guard<std::mutex> inner(b);
    return ready;
  }

private:
  std::mutex a, b;
  bool ready = false;
};



void one_thread_ok() {
  std::thread other(other_thread);
  one_thread();
  other.join();
}

void readers_ok() {
  std::thread one(read_a_then_b), two(read_b_then_a);
  one.join();
  two.join();
}

void setup_ok() {
  Setup setup;
  setup.work();
}

} // namespace

SCENARIO_MAIN(SCENARIO(threads_bad), SCENARIO(circle_bad), SCENARIO(through_callee_bad),
              SCENARIO(lambdas_bad), SCENARIO(transfer_bad), SCENARIO(member_bad),
              SCENARIO(template_bad), SCENARIO(read_locks_bad), SCENARIO(together_ok),
              SCENARIO(same_order_ok), SCENARIO(gate_ok), SCENARIO(tried_ok),
              SCENARIO(joined_before_ok), SCENARIO(dropped_ok), SCENARIO(ordered_transfer_ok),
              SCENARIO(deferred_ok), SCENARIO(hand_over_hand_ok), SCENARIO(recursive_ok),
              SCENARIO(one_thread_ok), SCENARIO(readers_ok), SCENARIO(setup_ok))
