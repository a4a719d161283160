// RUN: %heddle_verify --checks=dangling-coroutine-reference %s -- -std=c++20
// RUN: %clangxx -std=c++20 -g -O1 -fsanitize=address -fsanitize-address-use-after-return=always -fno-omit-frame-pointer %s -o %t
// RUN: not %t temporary_bad 2>&1 | %FileCheck --check-prefix=DEAD %s
// RUN: not %t closure_bad 2>&1 | %FileCheck --check-prefix=DEAD %s
// RUN: not %t forgotten_bad 2>&1 | %FileCheck --check-prefix=DEAD %s
// RUN: env ASAN_OPTIONS=detect_leaks=0 %t ok
// DEAD: ERROR: AddressSanitizer:
// {{stack-use-after-scope|heap-use-after-free|stack-use-after-return}}

// What a coroutine refers to has to live until it is done.
#include "../scenarios.h"
#include "Inputs/tasks.h"

#include <string>
#include <vector>

// [example: bad]
task length(const std::string &text) {
  co_await yield_turn();
  co_return text.size();
}

void temporary_bad() {
  auto later = length(std::string(100, 'x')); // expected-warning {{this temporary is gone}}
  later.get();
}
// [end]

task wrapper_bad() {
  std::string text(100, 'x');
  auto first =
      length("a literal that becomes a temporary"); // expected-warning {{this temporary is gone}}
  auto second = length(text + "!");                 // expected-warning {{this temporary is gone}}
  co_return co_await first + co_await second;
}

task returned_bad(int n) {
  if (n == 0) {
    std::string text = "zero";
    co_return co_await length(text);
  }
  co_return n;
}

task not_a_coroutine_bad(int n) {
  std::string text(n, 'x');
  return length(text); // expected-warning {{'text' is gone when this function returns}}
}

task by_value_bad(std::string text) {
  return length(text); // expected-warning {{'text' is gone when this function returns}}
}

void stored_bad(std::vector<task> &tasks) {
  tasks.push_back(length("text")); // expected-warning {{this temporary is gone}}
}

void assigned_bad(task &kept) {
  kept = length("text"); // expected-warning {{this temporary is gone}}
}

task defaulted(const std::string &name = "default") {
  co_await yield_turn();
  co_return name.size();
}

void default_bad() {
  auto later = defaulted(); // expected-warning {{this temporary is gone}}
  later.get();
}

void closure_bad() {
  std::string text(100, 'x');
  auto later =
      [text]() -> task { // expected-warning {{this lambda is gone at the end of the statement}}
    co_await yield_turn();
    co_return text.size();
  }();
  later.get();
}

task closure_variable_bad(int n) {
  auto add = [n]() -> task { co_return n + co_await yield_turn(); };
  return add(); // expected-warning {{the lambda 'add' is gone when this function returns}}
}

fire_and_forget log(const std::string &text, int &out) {
  co_await yield_turn();
  out += text.size();
}

int logged;

void forgotten_bad() {
  log(std::string(100, 'x'), logged); // expected-warning {{this temporary is gone}}
  run_all();
}

class client {
public:
  explicit client(int n) : n_(n) {}
  task fetch() {
    co_await yield_turn();
    co_return n_;
  }

private:
  int n_;
};

void member_bad() {
  auto later = client(3).fetch(); // expected-warning {{this temporary is gone}}
  later.get();
}

numbers up_to(const std::vector<int> &all) {
  for (int each : all)
    co_yield each;
}

int range_bad() {
  int sum = 0;
  for (int each : up_to({1, 2, 3})) // expected-warning {{this temporary is gone}}
    sum += each;
  return sum;
}

template <typename T> task value_of(const T &value) {
  co_await yield_turn();
  co_return value;
}

void template_bad() {
  auto later = value_of(3); // expected-warning {{this temporary is gone}}
  later.get();
}

// [example: good]
task length_of_own(std::string text) {
  co_await yield_turn();
  co_return text.size();
}

void by_value_ok() {
  auto later = length_of_own(std::string(100, 'x'));
  later.get();
}
// [end]

task awaited_at_once_ok() { co_return co_await length(std::string(100, 'x')); }

void waited_for_at_once_ok() { length(std::string(100, 'x')).get(); }

int wait_for(task t) { return t.get(); }

void handed_over_ok() { wait_for(length("text")); }

void local_outlives_ok() {
  std::string text(100, 'x');
  auto later = length(text);
  later.get();
}

task captures_nothing_ok() {
  return [](std::string text) -> task {
    co_await yield_turn();
    co_return text.size();
  }("text");
}

void closure_outlives_ok() {
  int n = 3;
  auto add = [n]() -> task { co_return n + co_await yield_turn(); };
  auto later = add();
  later.get();
}

task awaited_closure_ok() {
  int n = 3;
  co_return co_await [n]() -> task { co_return n + co_await yield_turn(); }();
}

fire_and_forget used_before(const std::string &text, int &out) {
  out += text.size();
  co_await yield_turn();
  ++out;
}

void used_before_suspension_ok() {
  used_before(std::string(100, 'x'), logged);
  run_all();
}

fire_and_forget ready(const std::string &text, int &out) {
  co_await std::suspend_never();
  out += text.size();
}

void never_suspended_ok() { ready(std::string(100, 'x'), logged); }

task copies_first(const std::string &text) { return length_of_own(text); }

void no_coroutine_ok() {
  auto later = copies_first("text");
  later.get();
}

const std::string global = "global";

task global_ok() { return length(global); }

task given_ok(const std::string &text) { return length(text); }

SCENARIO_MAIN(SCENARIO(temporary_bad), SCENARIO(closure_bad), SCENARIO(forgotten_bad),
              SCENARIO(by_value_ok), SCENARIO(waited_for_at_once_ok), SCENARIO(handed_over_ok),
              SCENARIO(local_outlives_ok), SCENARIO(closure_outlives_ok),
              SCENARIO(used_before_suspension_ok), SCENARIO(never_suspended_ok),
              SCENARIO(no_coroutine_ok))
