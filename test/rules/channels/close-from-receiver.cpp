// RUN: %heddle_verify --checks=close-from-receiver %s -- -std=c++20 -I%runtime_include

// Who closes the channel: the one who sends, or the one who only receives.
#include "heddle/heddle.h"

#include <optional>

void use(int value);
bool enough(int value);

void produce(heddle::channel<int> numbers) {
  for (int i = 0; i < 10; ++i)
    numbers.send(i);
}

void produce_and_close(heddle::channel<int> numbers) {
  const heddle::defer close([&] { numbers.close(); });
  for (int i = 0; i < 10; ++i)
    numbers.send(i);
}

// [example: bad]
void consume_and_close(heddle::channel<int> numbers) {
  for (int i = 0; i < 10; ++i)
    use(numbers.receive().value_or(0));
  numbers.close(); // expected-warning {{close}}
}

void consumer_closes_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  consume_and_close(numbers);
  producer.join();
}
// [end]

// [example: good]
void consume(heddle::receiver<int> numbers) {
  for (const int n : numbers)
    use(n);
}

void sender_closes_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce_and_close, numbers);
  consume(numbers);
  producer.join();
}
// [end]

void spawner_receives_and_closes_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go([numbers] {
    for (int i = 0; i < 10; ++i)
      numbers.send(i);
  });
  use(numbers.receive().value_or(0));
  numbers.close(); // expected-warning {{close}}
  producer.join();
}

void take_until_enough(heddle::channel<int> numbers) {
  for (const int n : numbers) {
    if (enough(n)) {
      numbers.close(); // expected-warning {{close}}
      return;
    }
  }
}

void closed_to_stop_the_sender_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  take_until_enough(numbers);
  producer.join();
}

void poll(heddle::channel<int> numbers) {
  while (const auto n = numbers.try_receive())
    use(*n);
  numbers.close(); // expected-warning {{close}}
}

void try_receive_bad() {
  const auto numbers = heddle::make_channel<int>(4);
  heddle::task producer = heddle::go(produce, numbers);
  poll(numbers);
  producer.join();
}

void receive_with_context(const heddle::context &ctx, heddle::channel<int> numbers) {
  if (const auto n = numbers.receive(ctx))
    use(*n);
  else
    numbers.close(); // expected-warning {{close}}
}

void closed_after_a_timeout_bad(const heddle::context &ctx) {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  receive_with_context(ctx, numbers);
  producer.join();
}

void select_then_close(const heddle::context &ctx, heddle::channel<int> numbers) {
  heddle::select(heddle::on_receive(ctx.done(), [] {}),
                 heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }));
  numbers.close(); // expected-warning {{close}}
}

void received_by_select_bad(const heddle::context &ctx) {
  const auto numbers = heddle::make_channel<int>();
  heddle::task producer = heddle::go(produce, numbers);
  select_then_close(ctx, numbers);
  producer.join();
}

void consume_with_defer(heddle::channel<int> numbers) {
  const heddle::defer close([&] {
    numbers.close(); // expected-warning {{close}}
  });
  while (const auto n = numbers.receive())
    use(*n);
}

void deferred_by_the_receiver_bad() {
  const auto numbers = heddle::make_channel<int>();
  heddle::task consumer = heddle::go(consume_with_defer, numbers);
  produce(numbers);
  consumer.join();
}

void coordinator_waits_for_the_senders_ok() {
  const auto numbers = heddle::make_channel<int>(20);
  heddle::wait_group senders;
  for (int i = 0; i < 2; ++i)
    senders.go([numbers] { produce(numbers); });
  senders.wait();
  numbers.close();
  for (const int n : numbers)
    use(n);
}

void separate_closer_ok() {
  const auto numbers = heddle::make_channel<int>();
  heddle::wait_group senders;
  for (int i = 0; i < 2; ++i)
    senders.go([numbers] { produce(numbers); });
  heddle::task closer = heddle::go([&senders, numbers] {
    senders.wait();
    numbers.close();
  });
  for (const int n : numbers)
    use(n);
  closer.join();
}

void closed_after_the_join_ok() {
  const auto numbers = heddle::make_channel<int>(10);
  heddle::task producer = heddle::go(produce, numbers);
  producer.join();
  use(numbers.receive().value_or(0));
  numbers.close();
}

void stage_closes_its_output_ok(heddle::receiver<int> in, heddle::sender<int> out) {
  const heddle::defer close([&] { out.close(); });
  for (const int n : in)
    out.send(2 * n);
}

void bidirectional_ok() {
  const auto ping_pong = heddle::make_channel<int>();
  heddle::task peer = heddle::go([ping_pong] {
    use(ping_pong.receive().value_or(0));
    ping_pong.send(2);
  });
  ping_pong.send(1);
  use(ping_pong.receive().value_or(0));
  ping_pong.close();
  peer.join();
}

void sender_itself_drains_ok() {
  const auto numbers = heddle::make_channel<int>(3);
  for (int i = 0; i < 3; ++i)
    numbers.send(i);
  numbers.close();
  for (const int n : numbers)
    use(n);
}
