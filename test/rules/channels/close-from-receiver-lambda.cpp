// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// Tasks that are lambdas.
#include "heddle/heddle.h"

void use(int value);

void consumer_task_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task consumer = heddle::go([numbers] {
    use(numbers.receive().value_or(0));
    numbers.close(); // expected-warning {{close}}
  });
  numbers.send(1);
  numbers.send(2);
  consumer.join();
}

void captured_by_reference_bad() {
  auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go([&numbers] { numbers.send(1); });
  heddle::task consumer = heddle::go([&] {
    while (const auto n = numbers.receive()) {
      use(*n);
      numbers.close(); // expected-warning {{close}}
    }
  });
  producer.join();
  consumer.join();
}

void group_of_consumers_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::wait_group group;
  group.go([numbers] { numbers.send(1); });
  group.go([numbers] {
    for (const int n : numbers) {
      use(n);
      break;
    }
    numbers.close(); // expected-warning {{close}}
  });
  group.wait();
}

void producer_task_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go([numbers] {
    numbers.send(1);
    numbers.close();
  });
  for (const int n : numbers)
    use(n);
  producer.join();
}

void consumer_of_one_sender_of_other_ok() {
  const auto in = heddle::make_channel<int>();
  const auto out = heddle::make_channel<int>();
  heddle::task stage = heddle::go([=] {
    for (const int n : in)
      out.send(n);
    out.close();
  });
  in.send(1);
  in.close();
  for (const int n : out)
    use(n);
  stage.join();
}

void close_in_a_deferred_lambda_of_the_sender_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go([numbers] {
    const heddle::defer close([&] { numbers.close(); });
    numbers.send(1);
  });
  for (const int n : numbers)
    use(n);
  producer.join();
}
