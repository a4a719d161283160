// RUN: %heddle_verify --checks=destroyed-while-used %s -- -std=c++20
// RUN: %tsan_cxx -std=c++20 %s -o %t
// RUN: not %t reset_bad 2>&1 | %FileCheck %s
// RUN: not %t erase_bad 2>&1 | %FileCheck %s
// RUN: %t ok
// CHECK: heap-use-after-free
// clang-format off: expectations stand on their lines

// Owners that let go of an object while a guard holds its lock.
#include "../scenarios.h"

#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace {

struct item {
  std::mutex mutex;
  int value = 0;
  void close() { value = -1; }
};

using items = std::map<int, std::unique_ptr<item>>;

items made() {
  items entries;
  for (int i = 0; i < 3; ++i)
    entries[i] = std::make_unique<item>();
  return entries;
}

void erase_bad() {
  items entries = made();
  auto found = entries.find(1);
  if (found == entries.end())
    return;
  std::lock_guard<std::mutex> lock(found->second->mutex);
  found->second->close();
  entries.erase(found); // expected-warning {{the memory of 'found->second->mutex' is given back while this thread holds it}}
}

void reset_bad() {
  auto owner = std::make_unique<item>();
  std::unique_lock<std::mutex> lock(owner->mutex);
  owner.reset(); // expected-warning {{the memory of 'owner->mutex' is given back while this thread holds it}}
}

class registry {
public:
  void erase_bad(int id) {
    auto found = entries_.find(id);
    std::unique_lock lock(found->second->mutex);
    entries_.erase(found); // expected-warning {{the memory of 'found->second->mutex' is given back}}
  }
  void erase_in_place_bad(int id) {
    auto found = in_place_.find(id);
    std::scoped_lock lock(found->second.mutex);
    in_place_.erase(found); // expected-warning {{the memory of 'found->second.mutex' is given back}}
  }
  void erase_by_key_bad(int id) {
    std::lock_guard lock(entries_[id]->mutex);
    entries_.erase(id); // expected-warning {{is given back while this thread holds it}}
  }
  void erase_by_reference_bad(int id) {
    item &gone = in_place_.at(id);
    std::lock_guard lock(gone.mutex);
    gone.close();
    in_place_.erase(id); // expected-warning {{is given back while this thread holds it}}
  }
  void erase_by_pointer_bad(int id) {
    auto found = entries_.find(id);
    item *gone = found->second.get();
    std::lock_guard lock(gone->mutex);
    gone->close();
    entries_.erase(found); // expected-warning {{the memory of 'gone->mutex' is given back}}
  }
  void sweep_bad() {
    for (auto each = list_.begin(); each != list_.end();) {
      std::lock_guard lock(each->mutex);
      if (each->value < 0)
        each = list_.erase(each); // expected-warning {{the memory of 'each->mutex' is given back}}
      else
        ++each;
    }
  }
  void drop_bad() {
    std::lock_guard lock(current_->mutex);
    current_ = nullptr; // expected-warning {{the memory of 'current_->mutex' is given back}}
  }
  void renew_bad() {
    std::lock_guard lock(current_->mutex);
    if (current_->value < 0)
      current_ = std::make_unique<item>(); // expected-warning {{the memory of 'current_->mutex' is given back}}
  }
  void locked_later_bad() {
    std::unique_lock lock(current_->mutex, std::defer_lock);
    lock.lock();
    current_.reset(); // expected-warning {{the memory of 'current_->mutex' is given back}}
  }

  // What follows is good.
  void scope_ok(int id) {
    auto found = entries_.find(id);
    {
      std::lock_guard lock(found->second->mutex);
      found->second->close();
    }
    entries_.erase(found);
  }
  void unlocked_ok(int id) {
    auto found = entries_.find(id);
    std::unique_lock lock(found->second->mutex);
    found->second->close();
    lock.unlock();
    entries_.erase(found);
  }
  void unlocked_on_one_way_ok(int id) {
    auto found = entries_.find(id);
    std::unique_lock lock(found->second->mutex);
    bool gone = found->second->value < 0;
    if (gone)
      lock.unlock();
    if (gone)
      entries_.erase(found);
  }
  void another_ok(int id, int other) {
    auto found = entries_.find(id), gone = entries_.find(other);
    std::lock_guard lock(found->second->mutex);
    entries_.erase(gone);
  }
  void the_next_one_ok(int id) {
    auto found = entries_.find(id);
    std::lock_guard lock(found->second->mutex);
    ++found;
    entries_.erase(found);
  }
  void another_key_ok(int id, int other) {
    std::lock_guard lock(entries_[id]->mutex);
    entries_.erase(other);
  }
  void changed_key_ok(int id) {
    std::lock_guard lock(entries_[id]->mutex);
    ++id;
    entries_.erase(id);
  }
  void another_container_ok(int id) {
    std::lock_guard lock(in_place_[id].mutex);
    entries_.erase(id);
  }
  void moved_out_before_ok(int id) {
    auto found = entries_.find(id);
    auto kept = std::move(found->second);
    std::lock_guard lock(kept->mutex);
    entries_.erase(found);
  }
  void moved_out_ok(int id) {
    auto found = entries_.find(id);
    std::lock_guard lock(found->second->mutex);
    dead_.push_back(std::move(found->second));
    entries_.erase(found);
  }
  void released_ok(int id) {
    auto found = entries_.find(id);
    std::lock_guard lock(found->second->mutex);
    raw_ = found->second.release();
    entries_.erase(found);
  }
  void swapped_ok() {
    std::unique_ptr<item> kept;
    std::lock_guard lock(current_->mutex);
    current_.swap(kept);
    current_.reset();
  }
  void handed_on_ok() {
    std::lock_guard lock(current_->mutex);
    take(current_);
    current_.reset();
  }
  void taken_by_a_member_ok() {
    std::lock_guard lock(current_->mutex);
    retire();
    current_.reset();
  }
  void shared_ok(int id) {
    auto found = shared_.find(id);
    std::shared_ptr<item> kept = found->second;
    std::lock_guard lock(found->second->mutex);
    shared_.erase(found);
  }
  void shared_elsewhere_ok() {
    std::lock_guard lock(shared_current_->mutex);
    shared_current_.reset();
  }
  void only_a_pointer_ok(int id) {
    auto found = pointers_.find(id);
    std::lock_guard lock(found->second->mutex);
    pointers_.erase(found);
  }
  void lock_around_it_ok(int id) {
    std::lock_guard lock(mutex_);
    entries_.erase(id);
    current_.reset();
  }
  void rebuilt_ok() { current_ = chained(std::move(current_)); }
  static std::unique_ptr<item> chained(std::unique_ptr<item> given) { return given; }
  void rebuilt_under_the_lock_ok() {
    std::lock_guard lock(current_->mutex);
    current_ = chained(std::move(current_));
  }

  registry() {
    for (int i = 0; i < 30; ++i) {
      entries_[i] = std::make_unique<item>();
      shared_[i] = std::make_shared<item>();
      pointers_[i] = shared_[i].get();
      in_place_[i].value = i;
    }
  }
  ~registry() { delete raw_; }

private:
  void take(std::unique_ptr<item> &from) { dead_.push_back(std::move(from)); }
  void retire() { dead_.push_back(std::move(current_)); }

  std::mutex mutex_;
  items entries_;
  std::map<int, item> in_place_;
  std::map<int, std::shared_ptr<item>> shared_;
  std::map<int, item *> pointers_;
  std::list<item> list_;
  std::vector<std::unique_ptr<item>> dead_;
  std::unique_ptr<item> current_ = std::make_unique<item>();
  std::shared_ptr<item> shared_current_ = std::make_shared<item>(), second_owner_ = shared_current_;
  item *raw_ = nullptr;
};

// With a deleter of one's own it may live on.
struct keeps {
  void operator()(item *) const {}
};

void own_deleter_ok() {
  static item only;
  std::unique_ptr<item, keeps> owner(&only);
  std::lock_guard lock(owner->mutex);
  owner.reset();
}

void given_up_ok() {
  auto owner = std::make_unique<item>();
  item *kept = owner.release();
  {
    std::lock_guard lock(kept->mutex);
    owner.reset();
  }
  delete kept;
}

// The lock lies elsewhere.
struct borrows {
  std::mutex &mutex;
};

void borrowed_ok() {
  std::mutex outer;
  std::map<int, borrows> entries;
  entries.emplace(1, borrows{outer});
  auto found = entries.find(1);
  std::lock_guard lock(found->second.mutex);
  entries.erase(found);
}

// Hand over hand: the node that goes has been unlocked.
struct node {
  std::mutex mutex;
  std::unique_ptr<node> next;
};

void unlink_ok() {
  node head;
  head.next = std::make_unique<node>();
  std::unique_lock first(head.mutex);
  std::unique_lock second(head.next->mutex);
  auto rest = std::move(head.next->next);
  second.unlock();
  head.next = std::move(rest);
}

void unlink_bad(node &head) {
  std::lock_guard first(head.mutex);
  std::lock_guard second(head.next->mutex);
  head.next = std::move(head.next->next); // expected-warning {{the memory of 'head.next->mutex' is given back}}
}

void registry_ok() {
  registry all;
  all.scope_ok(1);
  all.unlocked_ok(2);
  all.unlocked_on_one_way_ok(3);
  all.another_ok(4, 5);
  all.the_next_one_ok(6);
  all.another_key_ok(8, 9);
  all.changed_key_ok(10);
  all.another_container_ok(12);
  all.moved_out_before_ok(13);
  all.moved_out_ok(14);
  all.released_ok(15);
  all.shared_ok(16);
  all.shared_elsewhere_ok();
  all.only_a_pointer_ok(17);
  all.rebuilt_ok();
  all.rebuilt_under_the_lock_ok();
}

} // namespace

void use(registry &all, node &head) {
  all.erase_bad(1);
  all.erase_in_place_bad(1);
  all.erase_by_key_bad(1);
  all.erase_by_reference_bad(1);
  all.erase_by_pointer_bad(1);
  all.sweep_bad();
  all.drop_bad();
  all.renew_bad();
  all.locked_later_bad();
  all.swapped_ok();
  all.handed_on_ok();
  all.taken_by_a_member_ok();
  all.lock_around_it_ok(1);
  unlink_bad(head);
}

SCENARIO_MAIN(SCENARIO(erase_bad), SCENARIO(reset_bad), SCENARIO(registry_ok),
              SCENARIO(own_deleter_ok), SCENARIO(given_up_ok), SCENARIO(borrowed_ok), SCENARIO(unlink_ok))
