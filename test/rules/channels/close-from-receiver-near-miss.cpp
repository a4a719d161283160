// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// expected-no-diagnostics
// The one who closes receives too, but from another channel; or does not receive at all.
#include "heddle/heddle.h"

#include <optional>

void use(int value);

void signal_by_close_ok() {
  const auto stop = heddle::make_channel<heddle::unit>();
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go([=] {
    const heddle::defer close([&] { numbers.close(); });
    bool running = true;
    for (int n = 0; running; ++n)
      heddle::select(heddle::on_receive(stop, [&] { running = false; }),
                     heddle::on_send(numbers, n, [] {}));
  });
  use(numbers.receive().value_or(0));
  stop.close(); // tells the producer; nobody sends on it
  while (const auto n = numbers.receive())
    use(*n);
  producer.join();
}

void replies_on_another_channel_ok(heddle::receiver<int> requests, heddle::sender<int> replies) {
  while (const auto request = requests.receive())
    replies.send(*request + 1);
  replies.close();
}

void stage_of_two_way_handles_ok(heddle::channel<int> in, heddle::channel<int> out) {
  for (const int n : in)
    out.send(n);
  out.close();
}

void close_only_ok(heddle::channel<int> numbers) { numbers.close(); }

void send_then_close_ok(heddle::sender<int> numbers) {
  numbers.send(1);
  numbers.close();
}

void try_send_then_close_ok(heddle::channel<int> numbers) {
  if (!numbers.try_send(1))
    use(0);
  numbers.close();
}

void send_by_select_then_close_ok(const heddle::context &ctx, heddle::channel<int> numbers) {
  heddle::select(heddle::on_receive(ctx.done(), [] {}), heddle::on_send(numbers, 1, [] {}));
  numbers.close();
}

void receive_only_ok(heddle::channel<int> numbers) {
  while (const auto n = numbers.receive())
    use(*n);
}

void makes_starts_and_closes_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task consumer = heddle::go([numbers] {
    for (const int n : numbers)
      use(n);
  });
  numbers.send(1);
  numbers.close();
  consumer.join();
}

void acknowledged_on_another_channel_ok() {
  const auto numbers = heddle::make_channel<int>();
  const auto done = heddle::make_channel<heddle::unit>();
  heddle::task consumer = heddle::go([=] {
    for (const int n : numbers)
      use(n);
    done.close();
  });
  numbers.send(1);
  numbers.close();
  (void)done.receive();
  consumer.join();
}

void members_are_told_apart_ok() {
  struct pipe {
    heddle::channel<int> in = heddle::make_channel<int>();
    heddle::channel<int> out = heddle::make_channel<int>();
  };
  pipe p;
  heddle::task stage = heddle::go([p] {
    for (const int n : p.in)
      p.out.send(n);
    p.out.close();
  });
  p.in.send(1);
  p.in.close();
  use(p.out.receive().value_or(0));
  stage.join();
}
