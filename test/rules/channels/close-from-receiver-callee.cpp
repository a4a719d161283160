// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// The receive, the send or the close stands in a function that is called.
#include "heddle/heddle.h"

void use(int value);

void produce(heddle::channel<int> numbers) {
  for (int i = 0; i < 10; ++i)
    numbers.send(i);
}

void consume(heddle::channel<int> numbers) {
  for (int i = 0; i < 10; ++i)
    use(numbers.receive().value_or(0));
}

void callee_receives_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  consume(numbers);
  numbers.close(); // expected-warning {{close}}
  producer.join();
}

void shut(const heddle::channel<int> &numbers) {
  numbers.close(); // expected-warning {{close}}
}

void consume_and_shut(heddle::channel<int> numbers) {
  use(numbers.receive().value_or(0));
  shut(numbers);
}

void callee_closes_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  consume_and_shut(numbers);
  producer.join();
}

void finish(const heddle::channel<int> &numbers) { numbers.close(); }

void produce_and_finish(heddle::channel<int> numbers) {
  produce(numbers);
  finish(numbers);
}

void sender_closes_by_a_callee_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce_and_finish, numbers);
  consume(numbers);
  producer.join();
}

void callee_sends_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task consumer = heddle::go(consume, numbers);
  produce(numbers);
  numbers.close();
  consumer.join();
}
