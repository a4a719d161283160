// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: not %heddle check --fix-unsafe --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp

// Several threads test it and change it then: an atomic would do each step whole, and still both.
#include <cassert>
#include <thread>

// CHECK: {{^static int tickets = 100;}}
static int tickets = 100;
bool take() {
  if (tickets > 0) {
    --tickets;
    return true;
  }
  return false;
}
void sell() {
  std::thread t(take);
  take();
  t.join();
}

// CHECK: {{^static bool opened = false;}}
static bool opened = false;
void open() {
  if (opened)
    return;
  opened = true;
}
void open_it() {
  std::thread t(open);
  open();
  t.join();
}

// CHECK: {{^static int slots = 0;}}
static int slots = 0;
void wrap() {
  if (++slots == 8)
    slots = 0;
}
void go_round() {
  std::thread t(wrap);
  wrap();
  t.join();
}

// What only one thread writes is the same when it comes to write it.
// CHECK: {{^static std::atomic<int> credit = 9;}}
static int credit = 9;
void spend() {
  if (credit > 0)
    --credit;
}
void one_writer() {
  std::thread t(spend);
  int seen = credit;
  (void)seen;
  t.join();
}

// A loop goes on until one of them says so.
// CHECK: {{^static std::atomic<int> over = 0;}}
static int over = 0;
void search(int wanted) {
  while (over == 0)
    if (wanted % 7 == 0)
      over = 1;
    else
      ++wanted;
}
void search_all() {
  std::thread t(search, 1);
  search(4);
  t.join();
}

// An assertion decides nothing, and neither does another variable.
// CHECK: {{^static std::atomic<int> users = 0;}}
static int users = 0;
void enter(bool twice) {
  assert(users >= 0);
  ++users;
  if (twice)
    ++users;
}
void use() {
  std::thread t(enter, true);
  enter(false);
  t.join();
}
