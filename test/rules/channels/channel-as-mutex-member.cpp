// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// Channels and semaphores that are members.
#include "heddle/heddle.h"

#include <semaphore>

void use(int value);

class account_bad {
public:
  void deposit(int amount) {
    token_.send(true);
    balance_ += amount;
    (void)token_.receive();
  }
  int balance() {
    token_.send(true);
    const int result = balance_;
    (void)token_.receive();
    return result;
  }

private:
  heddle::channel<bool> token_ = heddle::make_channel<bool>(1); // expected-warning {{mutex}}
  int balance_ = 0;
};

class counter_bad {
public:
  void add() {
    slot_.acquire();
    ++count_;
    slot_.release();
  }

private:
  std::binary_semaphore slot_{1}; // expected-warning {{mutex}}
  int count_ = 0;
};

void used_by_two_tasks(account_bad &account, counter_bad &counter) {
  heddle::task other = heddle::go([&] {
    account.deposit(1);
    counter.add();
  });
  account.deposit(2);
  counter.add();
  use(account.balance());
  other.join();
}

class future_value_ok {
public:
  void set(int value) { value_.send(value); }
  int get() { return value_.receive().value_or(0); }

private:
  heddle::channel<int> value_ = heddle::make_channel<int>(1);
};

class event_ok {
public:
  void raise() { raised_.release(); }
  void wait() { raised_.acquire(); }

private:
  std::binary_semaphore raised_{0};
};

class limiter_ok {
public:
  void run() {
    slots_.send({});
    use(1);
    (void)slots_.receive();
  }

private:
  heddle::channel<heddle::unit> slots_ = heddle::make_channel<heddle::unit>(8);
};
