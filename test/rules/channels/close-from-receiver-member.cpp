// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// Channels that are members.
#include "heddle/heddle.h"

void use(int value);

class feed_bad {
public:
  void start() {
    producer_ = heddle::go([this] {
      for (int i = 0; i < 10; ++i)
        numbers_.send(i);
    });
  }
  void drain() {
    for (int i = 0; i < 3; ++i)
      use(numbers_.receive().value_or(0));
    numbers_.close(); // expected-warning {{close}}
  }
  void stop() { producer_.join(); }

private:
  heddle::channel<int> numbers_ = heddle::make_channel<int>();
  heddle::task producer_;
};

struct mailbox {
  heddle::channel<int> numbers = heddle::make_channel<int>();
};

void member_of_a_parameter(mailbox &box) {
  use(box.numbers.receive().value_or(0));
  box.numbers.close(); // expected-warning {{close}}
}

void member_of_a_parameter_bad() {
  mailbox box;
  heddle::task producer = heddle::go([&box] { box.numbers.send(1); });
  member_of_a_parameter(box);
  producer.join();
}

class feed_ok {
public:
  void start() {
    producer_ = heddle::go([this] {
      for (int i = 0; i < 10; ++i)
        numbers_.send(i);
      numbers_.close();
    });
  }
  void drain() {
    for (const int n : numbers_)
      use(n);
    producer_.join();
  }

private:
  heddle::channel<int> numbers_ = heddle::make_channel<int>();
  heddle::task producer_;
};

class queue_ok {
public:
  void put(int n) { numbers_.send(n); }
  int get() { return numbers_.receive().value_or(0); }
  void shut_down() { numbers_.close(); } // called by whoever puts

private:
  heddle::channel<int> numbers_ = heddle::make_channel<int>(8);
};
