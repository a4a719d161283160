// RUN: %heddle_verify --checks=missing-unlock,double-lock,unlock-not-held,lock-order-inversion %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread -DRUN %s -o %t
// RUN: %each_hangs %t leave_bad twice_bad guard_bad visit_bad row_bad constant_bad \
// RUN:   constant_twice_bad
// RUN: timeout 60 %t ok

// Arrays of locks: the same subscript means the same lock as long as nothing has changed that it
// reads; of different subscripts nobody knows whether they mean the same.
#include "../scenarios.h"

#include <array>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

constexpr std::size_t stripes = 16;
std::mutex locks[stripes];
int counts[stripes];
bool fails();
std::size_t next();

void leave_bad(std::size_t hash) {
  locks[hash % stripes].lock();
  if (fails())
    return; // expected-warning {{stays locked}}
  ++counts[hash % stripes];
  locks[hash % stripes].unlock();
}

void twice_bad(std::size_t hash) {
  locks[hash % stripes].lock();
  ++counts[hash % stripes];
  locks[hash % stripes].lock(); // expected-warning {{the thread waits for itself}}
  locks[hash % stripes].unlock();
  locks[hash % stripes].unlock();
}

// Not run: unlock_twice_bad: what the second unlock does nobody can tell.
void unlock_twice_bad(std::size_t index) {
  locks[index].lock();
  locks[index].unlock();
  locks[index].unlock(); // expected-warning {{not}}
}

void guard_bad(std::size_t index) {
  std::lock_guard lock(locks[index]);
  locks[index].lock(); // expected-warning {{the thread waits for itself}}
  ++counts[index];
  locks[index].unlock();
}

template <typename Key> class striped_set {
public:
  bool visit_bad(const Key &key) {
    const std::size_t index = std::hash<Key>()(key) % mutexes.size();
    mutexes[index].lock();
    if (fails())
      return false; // expected-warning {{stays locked}}
    mutexes[index].unlock();
    return true;
  }
  bool visit_ok(const Key &key) {
    mutexes[std::hash<Key>()(key) % mutexes.size()].lock();
    const bool failed = fails();
    mutexes[std::hash<Key>()(key) % mutexes.size()].unlock();
    return failed;
  }

private:
  std::vector<std::mutex> mutexes = std::vector<std::mutex>(stripes);
};
template class striped_set<std::string>;

void row_bad() {
  for (std::size_t i = 0; i < stripes; ++i) {
    locks[i].lock();
    if (fails())
      return; // expected-warning {{stays locked}}
    locks[i].unlock();
  }
}

struct bucket {
  std::mutex mutex;
  int size;
};
bucket table[stripes];

void constant_bad(bool early) {
  locks[0].lock();
  locks[1].lock();
  locks[1].unlock();
  if (early)
    return; // expected-warning {{'locks[0]' stays locked}}
  locks[0].unlock();
}

void constant_twice_bad() {
  locks[2].lock();
  locks[3].lock();
  locks[2].lock(); // expected-warning {{'locks[2]'}}
}

// Near misses.
void same_ok(std::size_t hash) {
  locks[hash % stripes].lock();
  ++counts[hash % stripes];
  locks[hash % stripes].unlock();
}

void two_ok(std::size_t from, std::size_t to) {
  locks[from].lock();
  locks[to].lock();
  ++counts[from];
  locks[to].unlock();
  locks[from].unlock();
}

void maybe_the_same_ok(std::size_t from, std::size_t to) {
  locks[from].lock();
  ++counts[from];
  locks[to].unlock(); // the caller says from == to
}

void moved_on_ok(std::size_t index) {
  locks[index].lock();
  ++index;
  locks[index].lock();
  locks[index].unlock();
  --index;
  locks[index].unlock();
}

void hand_over_hand_ok() {
  std::size_t i = 0;
  locks[i].lock();
  while (i + 1 < stripes) {
    locks[i + 1].lock();
    locks[i].unlock();
    ++i;
  }
  locks[i].unlock();
}

void all_ok() {
  for (std::size_t i = 0; i < stripes; ++i)
    locks[i].lock();
  ++counts[0];
  for (std::size_t i = 0; i < stripes; ++i)
    locks[i].unlock();
}

void some_of_its_own_ok(std::size_t count) {
  std::mutex own[stripes];
  for (std::size_t i = 0; i < count; ++i)
    own[i].lock();
  for (std::size_t j = 0; j < count; ++j)
    own[j].unlock();
}

void in_turn_ok() {
  for (;;) {
    const std::size_t i = next();
    if (i == 0)
      return;
    locks[i].lock();
    ++counts[i];
    locks[i].unlock();
  }
}

void left_for_later_ok(const std::vector<std::size_t> &indices) {
  for (std::size_t i : indices)
    locks[i].lock();
  for (std::size_t i : indices)
    locks[i].unlock();
}

void asked_again_ok() {
  locks[next()].lock();
  locks[next()].lock();
}

void enter(std::size_t i) { locks[i].lock(); }
void leave(std::size_t i) { locks[i].unlock(); }

void helpers_ok(std::size_t i) {
  enter(i);
  ++counts[i];
  leave(i);
}

void given_back_by_helper_ok(std::size_t i) {
  locks[i].lock();
  ++counts[i];
  leave(i);
}

void taken_by_helper_ok(std::size_t i) {
  enter(i);
  locks[i].unlock();
  locks[i].lock();
  leave(i);
}

void sometimes_ok(std::size_t i, bool locked) {
  if (!locked)
    locks[i].lock();
  ++counts[i];
  if (!locked)
    locks[i].unlock();
}

void changed_through_reference_ok(std::size_t i) {
  std::size_t &other = i;
  locks[i].lock();
  ++other;
  locks[i].lock();
  locks[i].unlock();
  --other;
  locks[i].unlock();
}

void constants_ok() {
  locks[0].lock();
  locks[1].lock();
  locks[1].unlock();
  locks[0].unlock();
}

void pointer_ok(std::size_t from, std::size_t to) {
  bucket *a = &table[from], *b = &table[to];
  a->mutex.lock();
  b->mutex.lock();
  ++a->size;
  b->mutex.unlock();
  a->mutex.unlock();
}

void pointer_and_subscript_ok(std::size_t i) {
  bucket *b = &table[i];
  b->mutex.lock();
  ++b->size;
  table[i].mutex.unlock();
}

void walk_ok() {
  for (bucket *b = table; b != table + stripes; ++b) {
    b->mutex.lock();
    ++b->size;
    b->mutex.unlock();
  }
}

#ifdef RUN
bool failing;
bool fails() { return failing; }
std::size_t next() { return 0; }

void while_it_fails(void (*run)()) {
  failing = true;
  run();
  run();
}

const scenario all[] = {
    {"leave_bad", [] { while_it_fails([] { leave_bad(3); }); }, 0},
    {"twice_bad", [] { twice_bad(3); }, 0},
    {"guard_bad", [] { guard_bad(3); }, 0},
    {"visit_bad",
     [] {
       static striped_set<std::string> set;
       while_it_fails([] { set.visit_bad("one"); });
     }},
    {"row_bad", [] { while_it_fails(row_bad); }, 0},
    {"constant_bad", [] { constant_bad(true); }, 1},
    {"constant_twice_bad", constant_twice_bad, 0},
    {"visit_ok", [] { striped_set<std::string>().visit_ok("one"); }, 1},
    {"same_ok", [] { same_ok(17); }, 1},
    {"two_ok", [] { two_ok(1, 2); }, 1},
    {"maybe_the_same_ok", [] { maybe_the_same_ok(1, 1); }, 1},
    {"moved_on_ok", [] { moved_on_ok(3); }, 1},
    {"hand_over_hand_ok", hand_over_hand_ok, 1},
    {"all_ok", all_ok, 1},
    {"some_of_its_own_ok", [] { some_of_its_own_ok(3); }, 1},
    {"left_for_later_ok", [] { left_for_later_ok({1, 2}); }, 1},
    {"helpers_ok", [] { helpers_ok(1); }, 1},
    {"constants_ok", constants_ok, 1},
    {"walk_ok", walk_ok, 1},
};

int main(int argc, char **argv) { return run_scenarios(all, sizeof all / sizeof *all, argc, argv); }
#endif
