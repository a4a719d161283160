// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix --checks=thread-without-exit-path %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %clangxx -std=c++20 -pthread %t.cpp -o %t
// RUN: timeout 20 %t

// A std::thread that is joined becomes a std::jthread whose loop asks the stop token. The
// program ends: where the code joins by hand, somebody requests the stop first.
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
  // CHECK-NOT: std::thread worker
  worker.join();
}

class poller {
public:
  // CHECK: thread_([this](std::stop_token [[STOP2:[a-z_]+]]) {
  // CHECK: while (![[STOP2]].stop_requested())
  poller()
      : thread_([this] {
          while (true)
            ++polls_;
        }) {}
  ~poller() { thread_.join(); }

private:
  long polls_ = 0;
  // CHECK: std::jthread thread_;
  std::thread thread_;
};

int main() {
  joined_local();
  const poller p;
}
