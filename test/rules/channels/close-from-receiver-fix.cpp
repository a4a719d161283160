// RUN: grep -Ev "^ *// (RUN|CHECK)" %s > %t.cpp
// RUN: %heddle check --fix-unsafe --checks=close-from-receiver %t.cpp -- -std=c++20 -I%runtime_include
// RUN: %FileCheck --input-file=%t.cpp %s
// RUN: %clangxx -std=c++20 -I%runtime_include -fsyntax-only -Wall -Werror %t.cpp
// RUN: %heddle check --checks=close-from-receiver %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cp %t.cpp %t.once.cpp
// RUN: %heddle check --fix-unsafe --checks=close-from-receiver %t.cpp -- -std=c++20 -I%runtime_include
// RUN: cmp %t.cpp %t.once.cpp

// The close leaves the receiver, whose parameter is narrowed; the one sender takes it over.
#include "heddle/heddle.h"

void use(int value);

void produce(heddle::channel<int> numbers) {
  for (int i = 0; i < 3; ++i)
    numbers.send(i);
}

// CHECK: void consume(heddle::receiver<int> numbers) {
void consume(heddle::channel<int> numbers) {
  // CHECK: use(numbers.receive().value_or(0));
  use(numbers.receive().value_or(0));
  // CHECK-NOT: numbers.close()
  numbers.close();
  // CHECK: }
}

void several_senders() {
  // CHECK-LABEL: void several_senders()
  const auto numbers = heddle::make_channel<int>();
  heddle::task first = heddle::go(produce, numbers);
  heddle::task second = heddle::go(produce, numbers);
  consume(numbers);
  first.join();
  second.join();
}

void one_sender() {
  // CHECK-LABEL: void one_sender()
  const auto values = heddle::make_channel<int>();
  // CHECK: heddle::go([values] {
  // CHECK-NEXT: {{(const )?}}heddle::defer {{.*}}values.close();
  heddle::task producer = heddle::go([values] {
    for (int i = 0; i < 3; ++i)
      values.send(i);
  });
  use(values.receive().value_or(0));
  // CHECK-NOT: {{^ *}}values.close();
  values.close();
  // CHECK: producer.join();
  producer.join();
}
