// RUN: %heddle_verify --checks=channel-as-mutex %s -- -std=c++20 -I%runtime_include

// Channels of capacity one around a section: used as a lock, or for what channels are for.
#include "heddle/heddle.h"

#include <chrono>
#include <optional>
#include <string>

void use(int value);
int compute();

// [example: bad]
void channel_around_a_section_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
  const auto deposit = [&] {
    token.send({});
    balance += 10;
    (void)token.receive();
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}
// [end]

// [example: good]
void mutex_around_a_section_ok() {
  int balance = 0;
  heddle::mutex mutex;
  const auto deposit = [&] {
    const heddle::lock_guard lock(mutex);
    balance += 10;
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}
// [end]

const auto global_token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
int global_balance = 0;

void deposit_global() {
  global_token.send({});
  global_balance += 10;
  (void)global_token.receive();
}

void global_channel_bad() {
  heddle::task other = heddle::go(deposit_global);
  deposit_global();
  other.join();
}

void filled_first_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
  token.send({});                                           // there is a token: the lock is free
  const auto deposit = [&] {
    (void)token.receive();
    balance += 10;
    token.send({});
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}

void deferred_release_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<bool>(1); // expected-warning {{mutex}}
  const auto deposit = [&] {
    token.send(true);
    const heddle::defer release([&] { (void)token.receive(); });
    if (balance > 100)
      return;
    balance += 10;
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}

void several_sections_bad() {
  int balance = 0;
  int deposits = 0;
  const auto token = heddle::make_channel<int>(1); // expected-warning {{mutex}}
  heddle::task depositor = heddle::go([&] {
    token.send(0);
    balance += 10;
    (void)token.receive();
  });
  token.send(0);
  ++deposits;
  balance -= 5;
  (void)token.receive();
  depositor.join();
}

void passed_as_parameter(heddle::channel<heddle::unit> lock, int &balance) {
  lock.send({});
  balance += 10;
  (void)lock.receive();
}

void given_to_the_tasks_bad() {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1); // expected-warning {{mutex}}
  heddle::task other = heddle::go([&balance, token] { passed_as_parameter(token, balance); });
  passed_as_parameter(token, balance);
  other.join();
}

void result_channel_ok() {
  const auto result = heddle::make_channel<int>(1);
  heddle::task worker = heddle::go([result] { result.send(compute()); });
  use(result.receive().value_or(0));
  worker.join();
}

void result_with_timeout_ok(const heddle::context &ctx) {
  const auto result = heddle::make_channel<int>(1);
  const heddle::task worker = heddle::go([result] { result.send(compute()); });
  if (const auto got = result.receive(ctx))
    use(*got);
}

void latest_value_mailbox_ok() {
  const auto latest = heddle::make_channel<int>(1);
  heddle::task publisher = heddle::go([latest] {
    for (int i = 0; i < 10; ++i) {
      (void)latest.try_receive(); // drop what nobody has read
      (void)latest.try_send(i);
    }
    latest.close();
  });
  for (const int value : latest)
    use(value);
  publisher.join();
}

void signal_ok() {
  const auto ready = heddle::make_channel<heddle::unit>(1);
  heddle::task worker = heddle::go([ready] {
    use(compute());
    ready.send({});
  });
  (void)ready.receive();
  worker.join();
}

void ping_pong_ok() {
  const auto ping = heddle::make_channel<heddle::unit>(1);
  const auto pong = heddle::make_channel<heddle::unit>(1);
  heddle::task other = heddle::go([=] {
    (void)ping.receive();
    use(1);
    pong.send({});
  });
  ping.send({});
  use(2);
  (void)pong.receive();
  other.join();
}

void limit_of_several_ok() {
  const auto slots = heddle::make_channel<heddle::unit>(3);
  heddle::wait_group group;
  for (int i = 0; i < 10; ++i)
    group.go([slots] {
      slots.send({});
      use(compute());
      (void)slots.receive();
    });
  group.wait();
}

void capacity_from_outside_ok(std::size_t capacity) {
  const auto slots = heddle::make_channel<heddle::unit>(capacity);
  heddle::task other = heddle::go([slots] {
    slots.send({});
    use(compute());
    (void)slots.receive();
  });
  slots.send({});
  use(compute());
  (void)slots.receive();
  other.join();
}

void wait_ends_with_the_context_ok(const heddle::context &ctx) {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1);
  const auto deposit = [&] {
    if (!token.send(ctx, heddle::unit()))
      return; // a mutex could not give up
    balance += 10;
    (void)token.receive();
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}

void lock_inside_a_select_ok(const heddle::context &ctx) {
  int balance = 0;
  const auto token = heddle::make_channel<heddle::unit>(1);
  const auto deposit = [&] {
    heddle::select(heddle::on_receive(ctx.done(), [] {}), heddle::on_send(token, {}, [&] {
                     balance += 10;
                     (void)token.receive();
                   }));
  };
  heddle::task other = heddle::go(deposit);
  deposit();
  other.join();
}

void values_passed_around_ok() {
  const auto owned = heddle::make_channel<std::string>(1);
  owned.send("state");
  const auto change = [owned] {
    std::string state = owned.receive().value_or(""); // the value is the data, not a token
    state += "!";
    owned.send(state);
  };
  heddle::task other = heddle::go(change);
  change();
  other.join();
}

void handed_elsewhere_ok(void (*keep)(heddle::channel<heddle::unit>)) {
  const auto token = heddle::make_channel<heddle::unit>(1);
  keep(token);
  token.send({});
  use(1);
  (void)token.receive();
}

void unbuffered_ok() {
  const auto meeting = heddle::make_channel<heddle::unit>();
  heddle::task other = heddle::go([meeting] {
    (void)meeting.receive();
    use(1);
  });
  meeting.send({});
  use(2);
  other.join();
}
