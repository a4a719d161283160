// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: cp %t.cpp %t.before.cpp
// RUN: %exits 1 %heddle check --quiet --fix --checks=shared-object-mutation %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.before.cpp
// RUN: %heddle check --quiet --fix-unsafe --checks=shared-object-mutation %t.cpp -- -std=c++20
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -fsyntax-only -Wall -Wextra -Werror %t.cpp
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --fix-unsafe --checks=shared-object-mutation %t.cpp -- -std=c++20
// RUN: cmp %t.cpp %t.once.cpp
// RUN: %heddle check --quiet --checks='*' %t.cpp -- -std=c++20
// RUN: %tsan_cxx %t.cpp -o %t
// RUN: %t

// Each task that changes what it is handed gets a copy of its own. Whether somebody waits for the
// changes only a reader knows, so that none of it is done without being asked for.
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

struct request {
  int retries = 0;
  std::vector<int> values;
  void reset() { retries = 0; }
};

void print(const std::string &name, int number) { std::printf("%s %d\n", name.c_str(), number); }

void captured_pointer() {
  auto r = std::make_shared<request>();
  // CHECK-LABEL: void captured_pointer()
  // CHECK: std::thread worker([r = *r]() mutable { r.retries = 3; });
  std::thread worker([r] { r->retries = 3; });
  std::printf("%d\n", r->retries);
  worker.join();
}

void captured_by_default() {
  request object;
  request *r = &object;
  const std::string name = "name";
  // CHECK-LABEL: void captured_by_default()
  // CHECK: std::thread worker([=, r = *r]() mutable {
  // CHECK-NEXT: r.reset();
  // CHECK-NEXT: (r).retries += 2;
  std::thread worker([=] {
    r->reset();
    (*r).retries += 2;
    print(name, r->retries);
  });
  std::printf("%d\n", object.retries);
  worker.join();
}

void change(request *r) { r->retries = 4; }

void passed_on() {
  auto object = std::make_unique<request>();
  request *r = object.get();
  // CHECK-LABEL: void passed_on()
  // CHECK: std::thread worker([r = *r]() mutable { change(&r); });
  std::thread worker([r]() mutable { change(r); });
  std::printf("%d\n", object->retries);
  worker.join();
}

void keep(const std::shared_ptr<request> &r) { r->retries = 5; }

void handed_on_as_a_handle() {
  auto r = std::make_shared<request>();
  // CHECK-LABEL: void handed_on_as_a_handle()
  // CHECK: std::thread worker([r = std::make_shared<request>(*r)] { keep(r); });
  std::thread worker([r] { keep(r); });
  std::printf("%d\n", r->retries);
  worker.join();
}

void retry(request *r, int times) { r->retries += times; }

void pointer_argument(int times) {
  request r;
  // CHECK-LABEL: void pointer_argument(int times)
  // CHECK: std::thread worker([r, times]() mutable { retry(&r, times); });
  std::thread worker(retry, &r, times);
  std::printf("%d\n", r.retries);
  worker.join();
}

void append(request &r) { r.values.push_back(1); }

void reference_argument() {
  request r;
  // CHECK-LABEL: void reference_argument()
  // CHECK: std::thread worker([r]() mutable { append(r); });
  std::thread worker(append, std::ref(r));
  std::printf("%zu\n", r.values.size());
  worker.join();
}

void each_in_turn() {
  std::vector<std::thread> workers;
  auto r = std::make_shared<request>();
  // CHECK-LABEL: void each_in_turn()
  for (int i = 0; i < 3; ++i)
    // CHECK: workers.emplace_back([r = *r, i]() mutable { r.retries = i; });
    workers.emplace_back([r, i] { r->retries = i; });
  for (std::thread &worker : workers)
    worker.join();
}

void own(std::shared_ptr<request> r) { r->retries = 6; }

void handle_as_argument() {
  auto r = std::make_shared<request>();
  // CHECK-LABEL: void handle_as_argument()
  // CHECK: std::thread worker(own, std::make_shared<request>(*r));
  std::thread worker(own, r);
  std::printf("%d\n", r->retries);
  worker.join();
}

int main() {
  captured_pointer();
  captured_by_default();
  passed_on();
  handed_on_as_a_handle();
  pointer_argument(2);
  reference_argument();
  each_in_turn();
  handle_as_argument();
}
