// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// expected-no-diagnostics
// Closers that receive and yet have every right to close.
#include "heddle/heddle.h"

#include <memory>
#include <optional>
#include <thread>
#include <vector>

void use(int value);
bool enough(int value);

void drains_after_the_group_ok() {
  const auto numbers = heddle::make_channel<int>(8);
  heddle::wait_group senders;
  senders.go([numbers] { numbers.send(1); });
  use(numbers.receive().value_or(0));
  senders.wait();
  numbers.close();
}

void told_by_the_sender_ok() {
  const auto numbers = heddle::make_channel<int>();
  const auto done = heddle::make_channel<heddle::unit>();
  heddle::task producer = heddle::go([=] {
    numbers.send(1);
    done.close();
  });
  use(numbers.receive().value_or(0));
  (void)done.receive();
  numbers.close();
  producer.join();
}

void another_channel_of_the_same_make_ok() {
  std::vector<heddle::channel<int>> lanes;
  for (int i = 0; i < 2; ++i)
    lanes.push_back(heddle::make_channel<int>(1));
  heddle::task producer = heddle::go([lane = lanes[0]] { lane.send(1); });
  use(lanes[1].receive().value_or(0));
  lanes[1].close();
  producer.join();
}

void a_channel_per_round_ok() {
  for (int i = 0; i < 2; ++i) {
    const auto numbers = heddle::make_channel<int>();
    heddle::task producer = heddle::go([numbers] { numbers.send(1); });
    use(numbers.receive().value_or(0));
    producer.join();
    numbers.close();
  }
}

void joined_on_both_branches_ok(bool quick) {
  const auto numbers = heddle::make_channel<int>(1);
  heddle::task producer = heddle::go([numbers] { numbers.send(1); });
  if (quick) {
    producer.join();
  } else {
    use(numbers.receive().value_or(0));
    producer.join();
  }
  numbers.close();
}

void sends_and_receives_by_select_ok(heddle::context ctx) {
  const auto numbers = heddle::make_channel<int>();
  heddle::task peer = heddle::go([numbers] { numbers.send(1); });
  heddle::select(heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }),
                 heddle::on_send(numbers, 2, [] {}));
  numbers.close();
  peer.join();
}

void jthreads_are_joined_first_ok() {
  const auto numbers = heddle::make_channel<int>(4);
  {
    std::jthread producer([numbers] { numbers.send(1); });
    use(numbers.receive().value_or(0));
  }
  numbers.close();
}

class joined_by_the_closer_ok {
public:
  void start() {
    producer_ = heddle::go([this] { numbers_.send(1); });
  }
  void stop() {
    use(numbers_.receive().value_or(0));
    producer_.join();
    numbers_.close();
  }

private:
  heddle::channel<int> numbers_ = heddle::make_channel<int>();
  heddle::task producer_;
};

class waits_for_the_group_ok {
public:
  void start() {
    senders_.go([this] { numbers_.send(1); });
  }
  void stop() {
    use(numbers_.receive().value_or(0));
    senders_.wait();
    numbers_.close();
  }

private:
  heddle::channel<int> numbers_ = heddle::make_channel<int>();
  heddle::wait_group senders_;
};
