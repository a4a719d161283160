// RUN: %heddle_verify --checks=unguarded-shared-write %s -- -std=c++20
// RUN: %tsan_cxx %s -o %t
// RUN: %race_found %t tree_bad
// RUN: %race_found %t through_another_bad
// RUN: %race_found %t counted_down_bad
// RUN: %race_found %t divided_bad
// RUN: %race_found %t left_to_itself_bad
// RUN: %race_found %t leaves_bad
// RUN: %t ok

// Functions that start threads which run the same function again.
#include "../scenarios.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <memory>
#include <mutex>
#include <thread>

struct node {
  std::unique_ptr<node> left, right;
  int hits = 0;
};

std::unique_ptr<node> sapling() {
  auto root = std::make_unique<node>();
  root->left = std::make_unique<node>();
  root->right = std::make_unique<node>();
  return root;
}

int visited = 0;

void visit(const node &at) {
  ++visited; // expected-warning {{'visited' is written}}
  if (at.left) {
    auto other = std::async(std::launch::async, [&at] { visit(*at.left); });
    if (at.right)
      visit(*at.right);
    other.get();
  }
}

void tree_bad() {
  auto root = sapling();
  visit(*root);
}

// Each thread has a part of its own.
void touch(node *at) {
  ++at->hits;
  if (!at->left)
    return;
  std::thread other(touch, at->left.get());
  touch(at->right.get());
  other.join();
  at->hits += at->left->hits;
}

void tree_ok() {
  auto root = sapling();
  touch(root.get());
}

int rounds = 0;
void answer(int left);

void ask(int left) {
  if (left > 0) {
    std::thread other(answer, left - 1);
    ++rounds; // expected-warning {{'rounds' is written}}
    other.join();
  }
}

void answer(int left) {
  ++rounds;
  ask(left);
}

void through_another_bad() { ask(3); }

int levels = 0;

void descend(int left) {
  if (left == 0)
    return;
  std::thread other(descend, left - 1);
  ++levels; // expected-warning {{'levels' is written}}
  other.join();
}

void counted_down_bad() { descend(3); }

long additions = 0;

long total(const int *first, const int *last) {
  if (last - first < 2)
    return first == last ? 0 : *first;
  ++additions; // expected-warning {{'additions' is written}}
  const int *half = first + (last - first) / 2;
  auto other = std::async(std::launch::async, [=] { return total(first, half); });
  return total(half, last) + other.get();
}

void divided_bad() {
  const int values[] = {1, 2, 3, 4, 5, 6, 7, 8};
  total(values, values + 8);
}

std::mutex counting;
int counted = 0;
std::atomic<int> updated = 0;

void count(int depth) {
  ++updated;
  {
    std::lock_guard lock(counting);
    ++counted;
  }
  if (depth == 0)
    return;
  auto other = std::async(std::launch::async, count, depth - 1);
  count(depth - 1);
  other.get();
}

void locked_ok() { count(3); }

int generations = 0;

void beget() {
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::thread([] { beget(); }).detach();
  ++generations; // expected-warning {{'generations' is written}}
}

void left_to_itself_bad() {
  beget();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  std::_Exit(66);
}

// The next one is started when all is done.
int passed_on = 0;

void pass_on(int left) {
  ++passed_on;
  if (left == 0)
    return;
  std::thread next(pass_on, left - 1);
  next.join();
  ++passed_on;
}

void one_after_the_other_ok() { pass_on(3); }

// The one that is started does not come here.
int led = 0;

void lead(bool first) {
  if (first) {
    std::thread other(lead, false);
    ++led;
    other.join();
  }
}

void arguments_ok() { lead(true); }

bool running = false;
int started = 0;

void ensure_running() {
  if (running)
    return;
  running = true;
  std::thread other(ensure_running);
  ++started;
  other.join();
}

void started_once_ok() { ensure_running(); }

class watchdog {
public:
  void start() {
    if (thread_.joinable())
      return;
    thread_ = std::thread([this] { loop(); });
    ++starts_;
  }
  void stop() { thread_.join(); }

private:
  void loop() { start(); }
  std::thread thread_;
  int starts_ = 0;
};

int fibonacci(int n) {
  if (n < 2)
    return n;
  int one = 0, other = 0;
  std::thread half([&one, n] { one = fibonacci(n - 1); });
  other = fibonacci(n - 2);
  half.join();
  return one + other;
}

void own_results_ok() { fibonacci(5); }

void sort(int *values, int count, int *merged) {
  if (count < 2)
    return;
  int half = count / 2;
  std::thread other(sort, values, half, merged);
  sort(values + half, count - half, merged + half);
  other.join();
  int left = 0, right = half;
  for (int i = 0; i < count; ++i)
    merged[i] = right == count || (left < half && values[left] < values[right]) ? values[left++]
                                                                                : values[right++];
  for (int i = 0; i < count; ++i)
    values[i] = merged[i];
  values[0] = merged[0];
}

void own_parts_ok() {
  int values[] = {5, 2, 8, 1, 9, 3}, merged[6];
  sort(values, 6, merged);
}

// Whoever goes on no further comes to the same place: the thread and who has started it.
long sum = 0;

void add_up(int first, int last) {
  if (last - first < 10) {
    for (int i = first; i < last; ++i)
      sum += i; // expected-warning {{'sum' is written}}
    return;
  }
  int half = (first + last) / 2;
  std::thread other(add_up, first, half);
  add_up(half, last);
  other.join();
}

void leaves_bad() { add_up(0, 1000); }

// What they find at their ends is a part of their own.
void double_all(int *values, int count) {
  if (count < 3) {
    for (int i = 0; i < count; ++i)
      values[i] *= 2;
    values[0] += 1;
    return;
  }
  std::thread other(double_all, values, count / 2);
  double_all(values + count / 2, count - count / 2);
  other.join();
}

void own_ends_ok() {
  int values[] = {5, 2, 8, 1, 9, 3, 7};
  double_all(values, 7);
}

void sum_up(const int *values, int count, long *into) {
  if (count < 2) {
    *into = count ? *values : 0;
    return;
  }
  long first = 0, second = 0;
  std::thread other(sum_up, values, count / 2, &first);
  sum_up(values + count / 2, count - count / 2, &second);
  other.join();
  *into = first + second;
}

void own_sums_ok() {
  int values[] = {5, 2, 8, 1, 9, 3, 7};
  long all = 0;
  sum_up(values, 7, &all);
}

// A thread is started only where there is something left for it.
int empty = 0;

void count_empty(const node *at) {
  if (!at) {
    ++empty;
    return;
  }
  std::thread other;
  if (at->left)
    other = std::thread(count_empty, at->left.get());
  count_empty(at->right.get());
  if (other.joinable())
    other.join();
}

void never_empty_ok() {
  node root;
  root.left = std::make_unique<node>();
  root.left->left = std::make_unique<node>();
  count_empty(root.right.get());
}

std::mutex adding;
long locked_sum = 0;

void add_up_locked(int first, int last) {
  if (last - first < 10) {
    std::lock_guard lock(adding);
    locked_sum += last - first;
    return;
  }
  int half = (first + last) / 2;
  std::thread other(add_up_locked, first, half);
  add_up_locked(half, last);
  other.join();
}

void locked_ends_ok() { add_up_locked(0, 100); }

// One thread at a time: the next one starts when this one has ended.
long in_turn = 0;

void add_in_turn(int first, int last) {
  if (last - first < 10) {
    in_turn += last - first;
    return;
  }
  int half = (first + last) / 2;
  std::thread other(add_in_turn, first, half);
  other.join();
  add_in_turn(half, last);
}

void in_turn_ok() { add_in_turn(0, 100); }

// Each has made its own.
void build(int depth) {
  auto own = std::make_shared<node>();
  auto other = std::async(std::launch::async, [depth] {
    if (depth > 0)
      build(depth - 1);
  });
  own->hits = depth;
  other.get();
}

void own_objects_ok() { build(2); }

SCENARIO_MAIN(SCENARIO(tree_bad), SCENARIO(tree_ok), SCENARIO(through_another_bad),
              SCENARIO(counted_down_bad), SCENARIO(divided_bad), SCENARIO(locked_ok),
              SCENARIO(left_to_itself_bad), SCENARIO(one_after_the_other_ok),
              SCENARIO(arguments_ok), SCENARIO(started_once_ok), SCENARIO(own_results_ok),
              SCENARIO(own_parts_ok), SCENARIO(own_objects_ok), SCENARIO(leaves_bad),
              SCENARIO(own_ends_ok), SCENARIO(own_sums_ok), SCENARIO(never_empty_ok),
              SCENARIO(locked_ends_ok), SCENARIO(in_turn_ok))
