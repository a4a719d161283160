// RUN: %heddle_verify --checks=loop-variable-capture,unguarded-shared-write,dangling-task-capture %s -- -std=c++20 -I%runtime_include

// The task of a round is started by a callee, a template, a method, or the runtime.
#include "heddle/heddle.h"

#include <cstdio>
#include <functional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

void start(std::vector<std::thread> &workers, std::function<void()> work) {
  workers.emplace_back(std::move(work));
}

void in_background(std::function<void()> work) { std::thread(std::move(work)).detach(); }

void through_a_function_object_bad() {
  for (int i = 0; i < 4; ++i)
    in_background([&i] { std::printf("%d\n", i); }); // expected-warning {{'i' is captured}}
}

void through_a_function_object_ok() {
  for (int i = 0; i < 4; ++i)
    in_background([i] { std::printf("%d\n", i); });
}

template <typename Work> void in_background_template(Work work) { std::thread(work).detach(); }

void through_a_template_bad() {
  for (int i = 0; i < 4; ++i) {
    std::string text = "text";
    in_background_template([&] { // expected-warning {{'text' is captured}}
      std::puts(text.c_str());
    });
  }
}

struct batch {
  std::vector<std::thread> workers;
  void fill_bad() {
    for (int i = 0; i < 4; ++i)
      workers.emplace_back([this, &i] { done += i; }); // expected-warning {{'i' is captured}}
  }
  void fill_ok() {
    for (int i = 0; i < 4; ++i)
      workers.emplace_back([i] { std::printf("%d\n", i); });
  }
  std::atomic<int> done = 0;
};

void tasks_bad() {
  heddle::wait_group all;
  for (int i = 0; i < 4; ++i)
    all.go([&i] { std::printf("%d\n", i); }); // expected-warning {{'i' is captured}}
  all.wait();
}

void tasks_ok() {
  heddle::wait_group all;
  for (int i = 0; i < 4; ++i)
    all.go([i] { std::printf("%d\n", i); });
  all.wait();
}

void waited_for_in_the_round_ok() {
  for (int i = 0; i < 4; ++i) {
    heddle::wait_group all;
    all.go([&i] { std::printf("%d\n", i); });
    all.wait();
  }
}
