// RUN: %heddle_verify --checks=double-lock %s -- -std=c++20
// RUN: %clangxx -std=c++20 -pthread %s -o %t
// RUN: %each_hangs %t visited_bad named_bad nested_bad pointer_bad function_bad forwarded_bad \
// RUN:   told_to_lock_bad
// RUN: timeout 60 %t ok

// Who calls what it is given while it holds a lock: what that takes is taken on top.
#include "../scenarios.h"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>

template <typename T> class guarded {
public:
  template <typename F> decltype(auto) with(F &&visit) {
    std::lock_guard<std::mutex> hold(mutex_);
    return std::forward<F>(visit)(value_);
  }
  template <typename F> decltype(auto) with_copy(F &&visit) {
    T copy = with([](T &value) { return value; });
    return std::forward<F>(visit)(copy);
  }

private:
  std::mutex mutex_;
  T value_{};
};

class registry {
public:
  void set(const std::string &name, int value) {
    entries_.with([&](auto &entries) { entries[name] = value; });
  }
  int get_bad(const std::string &name) {
    return entries_.with([&](auto &entries) { // expected-warning {{the call of 'guarded<}}
      auto found = entries.find(name);
      if (found != entries.end())
        return found->second;
      set(name, 0);
      return 0;
    });
  }
  int get_ok(const std::string &name) {
    bool is_known = entries_.with([&](auto &entries) { return entries.count(name) > 0; });
    if (!is_known)
      set(name, 0);
    return 0;
  }
  int get_of_copy_ok(const std::string &name) {
    return entries_.with_copy([&](auto &entries) {
      if (!entries.count(name))
        set(name, 0);
      return 0;
    });
  }
  void copy_ok(registry &other) {
    entries_.with([&](auto &entries) {
      for (auto &[name, value] : entries)
        other.set(name, value);
    });
  }

private:
  guarded<std::map<std::string, int>> entries_;
};

std::mutex m, other;
std::recursive_mutex recursive;
int count;

void add() {
  std::lock_guard<std::mutex> hold(m);
  ++count;
}

template <typename Mutex, typename F> void with_lock(Mutex &mutex, F run) {
  std::lock_guard<Mutex> hold(mutex);
  run();
}

void with_count(void (*run)()) {
  m.lock();
  run();
  m.unlock();
}

void with_function(const std::function<void()> &run) {
  std::lock_guard<std::mutex> hold(m);
  run();
}

template <typename F> void twice(F run) {
  with_lock(m, run);
  with_lock(m, run);
}

template <typename F> void perhaps_with_lock(bool locks, F run) {
  if (!locks)
    return run();
  std::lock_guard<std::mutex> hold(m);
  run();
}

template <typename F> void without_lock(std::unique_lock<std::mutex> &hold, F run) {
  hold.unlock();
  run();
  hold.lock();
}

void visited_bad() { registry().get_bad("a"); }

void named_bad() {
  with_lock(m, add); // expected-warning {{'with_lock' locks 'm', and what it is given to call}}
}

void nested_bad() {
  with_lock(m, [] { // expected-warning {{locks 'm', and what it is given to call locks it again}}
    with_lock(m, [] { ++count; });
  });
}

void pointer_bad() {
  with_count(add); // expected-warning {{the call of 'with_count' locks 'm', and what it is given}}
}

void function_bad() {
  with_function([] { add(); }); // expected-warning {{the call of 'with_function' locks 'm', and}}
}

void forwarded_bad() {
  twice([] { add(); }); // expected-warning {{the call of 'twice' locks 'm', and what it is given}}
}

void told_to_lock_bad() {
  perhaps_with_lock(true, [] { add(); }); // expected-warning {{'perhaps_with_lock' locks 'm', and}}
}

void told_not_to_ok() {
  perhaps_with_lock(false, [] { add(); });
}

void other_lock_ok() { with_lock(other, add); }

void recursive_ok() {
  with_lock(recursive, [] { with_lock(recursive, [] { ++count; }); });
}

void given_back_ok() {
  std::unique_lock<std::mutex> hold(m);
  without_lock(hold, [] { add(); });
}

// What a function does that is called from elsewhere, too, may depend on who holds the lock.
bool is_locked;
void add_safely() {
  if (is_locked) {
    ++count;
    return;
  }
  std::lock_guard<std::mutex> hold(m);
  ++count;
}

void knows_who_calls_ok() {
  add_safely();
  is_locked = true;
  with_lock(m, add_safely);
  is_locked = false;
}

void locked_ok() {
  registry r, s;
  r.get_ok("a");
  r.get_of_copy_ok("b");
  r.copy_ok(s);
  told_not_to_ok();
  other_lock_ok();
  recursive_ok();
  given_back_ok();
  knows_who_calls_ok();
}

SCENARIO_MAIN(SCENARIO(visited_bad), SCENARIO(named_bad), SCENARIO(nested_bad),
              SCENARIO(pointer_bad), SCENARIO(function_bad), SCENARIO(forwarded_bad),
              SCENARIO(told_to_lock_bad), SCENARIO(locked_ok))
