// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20 | %FileCheck --check-prefix=TITLE %s
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %clangxx -std=c++20 -pthread %t.cpp -o %t
// RUN: timeout 20 %t

// A std::thread that only its owner's destructor joins becomes a std::jthread whose loop asks the
// stop token. The program ends.
// TITLE: fixed: loop until 'thread_' is asked to stop, and make it a std::jthread
#include <thread>

// CHECK: #include <stop_token>

class poller {
public:
  // CHECK: thread_([this](std::stop_token [[STOP:[a-z_]+]]) {
  // CHECK: while (![[STOP]].stop_requested())
  poller()
      : thread_([this] {
          while (true)
            ++polls_;
        }) {}
  // CHECK: ~poller()
  // CHECK: thread_.request_stop();
  // CHECK: thread_.join();
  ~poller() { thread_.join(); }

private:
  long polls_ = 0;
  // CHECK: std::jthread thread_;
  std::thread thread_;
};

int main() { const poller p; }
