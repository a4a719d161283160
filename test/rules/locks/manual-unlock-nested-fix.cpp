// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %clangxx -std=c++20 -pthread -Wall -Werror %t.cpp -o %t.before
// RUN: timeout 60 %t.before
// RUN: %heddle check --fix --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -pthread -Wall -Wshadow -Werror %t.cpp -o %t && timeout 60 %t
// RUN: %heddle check --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=manual-unlock %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp

// Several sections in one block: one inside of the other, one behind the other. One run does all.
#include <mutex>

std::mutex m, other;
int counter;

void nested() {
  // CHECK-LABEL: void nested()
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: {
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard2(other);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  // CHECK-NEXT: }
  m.lock();
  ++counter;
  other.lock();
  ++counter;
  other.unlock();
  m.unlock();
}

void in_turn() {
  // CHECK-LABEL: void in_turn() {
  // CHECK-NEXT: {
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  // CHECK-NEXT: const std::lock_guard<std::mutex> guard(m);
  // CHECK-NEXT: ++counter;
  // CHECK-NEXT: }
  m.lock();
  ++counter;
  m.unlock();
  m.lock();
  ++counter;
  m.unlock();
}

bool both_early(bool wanted) {
  // CHECK-LABEL: bool both_early(bool wanted) {
  // CHECK: guard(m);
  // CHECK-NEXT: {
  // CHECK-NEXT: guard2(other);
  // CHECK-NEXT: if (!wanted) {
  // CHECK-NEXT: return false;
  // CHECK-NOT: lock();
  m.lock();
  other.lock();
  if (!wanted) {
    other.unlock();
    m.unlock();
    return false;
  }
  ++counter;
  other.unlock();
  m.unlock();
  return true;
}

int main() {
  nested();
  in_turn();
  return both_early(true) && !both_early(false) && counter == 5 ? 0 : 1;
}
