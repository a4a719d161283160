// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// Channels whose type or capacity is a template parameter.
#include "heddle/heddle.h"

#include <cstddef>
#include <semaphore>

void use(int value);

template <typename T> class guarded {
public:
  void set(T value) {
    token_.send(true);
    value_ = value;
    (void)token_.receive();
  }

private:
  heddle::channel<bool> token_ = heddle::make_channel<bool>(1); // expected-warning {{mutex}}
  T value_ = T();
};

void class_template_bad() {
  guarded<int> g;
  heddle::task other = heddle::go([&g] { g.set(1); });
  g.set(2);
  other.join();
}

template <typename T> void add_both(T amount) {
  T sum = T();
  std::counting_semaphore<1> lock(1); // expected-warning {{mutex}}
  const auto add = [&] {
    lock.acquire();
    sum += amount;
    lock.release();
  };
  heddle::task other = heddle::go(add);
  add();
  other.join();
}

void function_template_bad() { add_both(1); }

template <std::size_t Slots> class limiter {
public:
  void run() {
    slots_.send({});
    use(1);
    (void)slots_.receive();
  }

private:
  heddle::channel<heddle::unit> slots_ = heddle::make_channel<heddle::unit>(Slots);
};

void capacity_is_an_argument_ok() {
  limiter<4> l;
  heddle::task other = heddle::go([&l] { l.run(); });
  l.run();
  other.join();
}

template <typename F> int run_in_task(F action) {
  const auto result = heddle::make_channel<int>(1);
  heddle::task worker = heddle::go([result, action] { result.send(action()); });
  const int got = result.receive().value_or(0);
  worker.join();
  return got;
}

void result_channel_ok() {
  use(run_in_task([] { return 1; }));
}
