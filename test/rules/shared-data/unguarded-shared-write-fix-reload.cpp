// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --quiet --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --fix --checks=unguarded-shared-write %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --checks='*' %t.cpp -- -std=c++20
// RUN: %clangxx -std=c++20 -O1 -pthread %t.cpp -o %t
// RUN: %t

// A configuration behind a shared pointer is swapped whole (guideline A13): the pointer becomes
// atomic, and every look at it works on a handle of its own.
// CHECK: #include <atomic>
#include <cstdio>
#include <memory>
#include <thread>

namespace {

struct config {
  int limit = 0;
  int doubled() const { return 2 * limit; }
};

// CHECK: std::atomic<std::shared_ptr<const config>> current = std::make_shared<const config>();
std::shared_ptr<const config> current = std::make_shared<const config>();

void reload(int limit) {
  // CHECK: current = std::make_shared<config>(config{limit});
  current = std::make_shared<config>(config{limit});
}

void serve() {
  // CHECK: if (current.load())
  if (current)
    // CHECK: std::printf("%d\n", current.load()->limit);
    std::printf("%d\n", current->limit);
  // CHECK: const auto mine = current.load();
  const auto mine = current;
  // CHECK: if (mine != current.load() || (*current.load()).doubled() > 9)
  if (mine != current || (*current).doubled() > 9)
    std::puts("changed");
}

} // namespace

int main() {
  std::thread server(serve);
  reload(3);
  server.join();
}
