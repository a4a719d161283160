// RUN: %heddle_verify --checks=destroyed-while-used %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: not %t front_bad 2>&1 | %FileCheck %s
// RUN: not %t clear_bad 2>&1 | %FileCheck %s
// RUN: %t ok
// CHECK: heap-use-after-free
// clang-format off: expectations stand on their lines

// Containers that lose their first or last element, or all of them, and optionals that are reset,
// while this thread holds a lock in what goes.
#include "../scenarios.h"

#include <deque>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace {

struct item {
  std::mutex mutex;
  int count = 0;
};

void front_bad() {
  std::list<item> items(2);
  std::lock_guard lock(items.front().mutex);
  items.pop_front(); // expected-warning {{the memory of}}
}

void back_bad(std::list<item> &items) {
  item &last = items.back();
  std::lock_guard lock(last.mutex);
  items.pop_back(); // expected-warning {{the memory of}}
}

void pointer_bad(std::deque<std::unique_ptr<item>> &items) {
  std::lock_guard lock(items.front()->mutex);
  items.pop_front(); // expected-warning {{the memory of}}
}

void clear_bad() {
  std::map<int, item> items;
  items[1].count = 1;
  auto found = items.find(1);
  std::lock_guard lock(found->second.mutex);
  items.clear(); // expected-warning {{the memory of}}
}

void clear_list_bad(std::list<item> &items) {
  std::lock_guard lock(items.front().mutex);
  items.clear(); // expected-warning {{the memory of}}
}

void optional_bad(std::optional<item> &one) {
  std::lock_guard lock(one->mutex);
  one.reset(); // expected-warning {{the memory of}}
}

// Not run: by_hand_bad: nothing touches the lock afterwards.
[[maybe_unused]] void by_hand_bad() {
  auto owner = std::make_unique<item>();
  owner->mutex.lock();
  owner.reset(); // expected-warning {{the memory of}}
}

// Near misses.
void other_end_ok() {
  std::list<item> items(2);
  std::lock_guard lock(items.front().mutex);
  items.pop_back();
}

void unlocked_ok() {
  std::list<item> items(2);
  {
    std::lock_guard lock(items.front().mutex);
  }
  items.pop_front();
  std::unique_lock lock(items.front().mutex);
  lock.unlock();
  items.clear();
}

void another_came_before_it_ok() {
  std::list<item> items(1);
  std::lock_guard lock(items.front().mutex);
  items.emplace_front();
  items.pop_front();
}

void other_list_ok() {
  std::list<item> items(1), others(1);
  std::lock_guard lock(items.front().mutex);
  others.pop_front();
  others.clear();
}

void taken_out_ok() {
  std::deque<std::unique_ptr<item>> items;
  items.push_back(std::make_unique<item>());
  std::unique_ptr<item> kept = std::move(items.front());
  std::lock_guard lock(kept->mutex);
  items.pop_front();
}

void spliced_ok() {
  std::list<item> items(1), kept;
  std::lock_guard lock(items.front().mutex);
  kept.splice(kept.begin(), items);
  items.clear();
}

void given_back_by_hand_ok() {
  auto owner = std::make_unique<item>();
  owner->mutex.lock();
  ++owner->count;
  owner->mutex.unlock();
  owner.reset();
}

void optional_ok() {
  std::optional<item> one(std::in_place), other(std::in_place);
  std::lock_guard lock(one->mutex);
  other.reset();
}

struct borrows {
  std::mutex *mutex;
};

void borrowed_ok() {
  std::mutex outer;
  std::list<borrows> items{{&outer}};
  std::lock_guard lock(*items.front().mutex);
  items.pop_front();
}

} // namespace

SCENARIO_MAIN(SCENARIO(front_bad), SCENARIO(clear_bad),
              SCENARIO(other_end_ok), SCENARIO(unlocked_ok), SCENARIO(another_came_before_it_ok),
              SCENARIO(other_list_ok), SCENARIO(taken_out_ok), SCENARIO(spliced_ok),
              SCENARIO(given_back_by_hand_ok), SCENARIO(optional_ok), SCENARIO(borrowed_ok))
