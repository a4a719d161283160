// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20 > %t.txt 2>&1 || true
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: not grep "fix: hold" %t.txt
// RUN: not grep "not fixed" %t.txt
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp

// Where the guarding lock is held on some of the ways that lead there, it is not taken once more.
#include <mutex>
#include <string>
#include <thread>

std::mutex m;
std::string text, title, note, line;

void write_if_free() {
  bool locked = m.try_lock();
  // CHECK: {{^ +}}text += "a";
  text += "a";
  if (locked)
    m.unlock();
}

void write_by_guard_if_free() {
  std::unique_lock<std::mutex> lock(m, std::try_to_lock);
  // CHECK: {{^ +}}title += "a";
  title += "a";
}

void write_long_ones(int size) {
  if (size > 3)
    m.lock();
  if (size > 2)
    // CHECK: {{^ +}}note += "a";
    note += "a";
  if (size > 3)
    m.unlock();
}

void write_behind_the_section() {
  {
    std::lock_guard<std::mutex> lock(m);
    text += "b";
  }
  m.lock();
  title += "b";
  m.unlock();
  // CHECK: title += "b";
  // CHECK: lock(m);
  // CHECK-NEXT: line += "a";
  line += "a";
}

void clear() {
  std::lock_guard<std::mutex> lock(m);
  text.clear();
  title.clear();
  note.clear();
  line.clear();
}

int main() {
  std::thread first([] {
    write_if_free();
    write_by_guard_if_free();
    write_long_ones(3);
    write_long_ones(4);
    write_behind_the_section();
    clear();
  });
  std::thread second([] {
    write_if_free();
    write_by_guard_if_free();
    write_long_ones(3);
    write_long_ones(4);
    write_behind_the_section();
    clear();
  });
  first.join();
  second.join();
}
