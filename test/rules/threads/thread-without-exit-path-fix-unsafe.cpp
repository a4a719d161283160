// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %heddle check --fix-unsafe --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %clangxx -std=c++20 -pthread %t.cpp -o %t
// RUN: timeout 20 %t

// A function that starts a thread and joins it by hand may be a server that is meant to sit in that
// join: to ask for the stop there is the right repair for some programs only.
#include <chrono>
#include <thread>

// CHECK: #include <stop_token>

inline void work() {}

void joined_local() {
  // CHECK-LABEL: void joined_local()
  // CHECK: std::jthread worker([](std::stop_token [[STOP:[a-z_]+]]) {
  // CHECK: while (![[STOP]].stop_requested())
  std::thread worker([] {
    while (true)
      work();
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
  // CHECK: worker.request_stop();
  // CHECK: worker.join();
  worker.join();
}

int main() { joined_local(); }
