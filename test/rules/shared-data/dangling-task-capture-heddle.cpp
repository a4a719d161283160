// RUN: %heddle_verify --checks=dangling-task-capture %s -- -std=c++20 -I%runtime_include

// Tasks of the runtime: who drops the handle lets go of the task.
#include "heddle/heddle.h"

#include <cstdio>
#include <functional>
#include <string>

void dropped_bad() {
  std::string text = "text";
  heddle::go([&text] { std::puts(text.c_str()); }); // expected-warning {{'text' may be gone}}
}

void dropped_with_its_scope_bad() {
  std::string text = "text";
  const heddle::task worker = heddle::go([&] { // expected-warning {{'text' may be gone}}
    std::puts(text.c_str());
  });
}

void print(const std::string &text) { std::puts(text.c_str()); }

void reference_argument_bad() {
  std::string text = "text";
  heddle::go(print, std::cref(text)); // expected-warning {{'text' may be gone}}
}

void copied_ok() {
  std::string text = "text";
  heddle::go([text] { std::puts(text.c_str()); });
}

void joined_ok() {
  std::string text = "text";
  heddle::task worker = heddle::go([&text] { std::puts(text.c_str()); });
  worker.join();
}

void wait_group_ok() {
  std::string text = "text";
  heddle::wait_group all;
  all.add(1);
  heddle::go([&] {
    std::puts(text.c_str());
    all.done();
  });
  all.wait();
}

void started_by_the_wait_group_ok() {
  std::string text = "text";
  heddle::wait_group all;
  all.go([&text] { std::puts(text.c_str()); });
  all.wait();
}

void result_received_ok() {
  std::string text = "text";
  heddle::channel<int> result = heddle::make_channel<int>(0);
  heddle::go([&text, result] { result.send(static_cast<int>(text.size())); });
  (void)result.receive();
}

void closed_when_done_ok() {
  std::string text = "text";
  heddle::channel<int> done = heddle::make_channel<int>(0);
  heddle::go([&text, done] {
    std::puts(text.c_str());
    done.close();
  });
  (void)done.receive();
}
