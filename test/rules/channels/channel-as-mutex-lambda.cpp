// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// The pair stands in lambdas.
#include "heddle/heddle.h"

#include <utility>

void use(int value);

void several_calls_of_one_lambda_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
  const auto exclusively = [&](int change) {
    token.send({});
    balance += change;
    (void)token.receive();
  };
  heddle::task other = heddle::go([&] { exclusively(1); });
  exclusively(-1);
  other.join();
}

void two_different_lambdas_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
  heddle::task first = heddle::go([&] {
    token.send({});
    ++balance;
    (void)token.receive();
  });
  heddle::task second = heddle::go([&] {
    token.send({});
    --balance;
    (void)token.receive();
  });
  first.join();
  second.join();
}

void one_sends_the_other_receives_ok() {
  const auto item = heddle::make_channel<int>(1);
  heddle::task sender = heddle::go([item] { item.send(1); });
  heddle::task receiver = heddle::go([item] { use(item.receive().value_or(0)); });
  sender.join();
  receiver.join();
}

void result_of_a_lambda_ok() {
  const auto run = [](auto action) {
    const auto result = heddle::make_channel<int>(1);
    heddle::task worker = heddle::go([result, action] { result.send(action()); });
    worker.join();
    return result.receive().value_or(0);
  };
  use(run([] { return 1; }));
}
