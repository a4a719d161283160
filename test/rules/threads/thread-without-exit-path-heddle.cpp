// RUN: %heddle_verify --checks=thread-without-exit-path %s -- -std=c++20 -I%runtime_include

// Tasks of Heddle's runtime: contexts and closed channels are their way out.
#include "heddle/heddle.h"

#include <chrono>
#include <optional>

void work();
void use(int value);

void task_bad() {
  heddle::task worker = heddle::go([] {
    while (true) // expected-warning {{never ends}}
      work();
  });
  worker.join();
}

void task_of_a_group_bad() {
  heddle::wait_group group;
  group.go([] {
    for (;;) { // expected-warning {{never ends}}
      work();
      heddle::sleep_for(std::chrono::seconds(1));
    }
  });
  group.wait();
}

void context_not_asked_bad(const heddle::context &ctx) {
  heddle::task worker = heddle::go([ctx] {
    while (true) { // expected-warning {{never ends}}
      if (ctx.err())
        continue;
      work();
    }
  });
  worker.join();
}

void select_without_a_way_out_bad(heddle::receiver<int> numbers, heddle::receiver<int> more) {
  heddle::task worker = heddle::go([=] {
    while (true) // expected-warning {{never ends}}
      heddle::select(heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }),
                     heddle::on_receive(more, [](std::optional<int> n) { use(n.value_or(0)); }));
  });
  worker.join();
}

void closed_channel_ignored_bad(heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([numbers] {
    for (;;) { // expected-warning {{never ends}}
      const std::optional<int> n = numbers.receive();
      if (!n)
        continue;
      use(*n);
    }
  });
  worker.join();
}

void handler_returns_from_itself_bad(const heddle::context &ctx, heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([=] {
    while (true) // expected-warning {{never ends}}
      heddle::select(heddle::on_receive(ctx.done(), [] { return; }),
                     heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }));
  });
  worker.join();
}

void range_over_a_channel_ok(heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([numbers] {
    for (const int n : numbers)
      use(n);
  });
  worker.join();
}

void receive_until_closed_ok(heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([numbers] {
    while (const auto n = numbers.receive())
      use(*n);
  });
  worker.join();
}

void receive_and_break_ok(heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([numbers] {
    while (true) {
      const auto n = numbers.receive();
      if (!n)
        break;
      use(*n);
    }
  });
  worker.join();
}

void context_ok(const heddle::context &ctx) {
  heddle::task worker = heddle::go([ctx] {
    while (!ctx.err())
      work();
  });
  worker.join();
}

void interruptible_sleep_ok(const heddle::context &ctx) {
  heddle::task worker = heddle::go([ctx] {
    while (heddle::sleep_for(ctx, std::chrono::seconds(1)))
      work();
  });
  worker.join();
}

void select_with_done_and_flag_ok(const heddle::context &ctx, heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([=] {
    bool running = true;
    while (running)
      heddle::select(heddle::on_receive(ctx.done(), [&] { running = false; }),
                     heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }));
  });
  worker.join();
}

void select_position_ok(const heddle::context &ctx, heddle::receiver<int> numbers) {
  heddle::task worker = heddle::go([=] {
    for (;;) {
      const auto chosen = heddle::select(
          heddle::on_receive(ctx.done(), [] {}),
          heddle::on_receive(numbers, [](std::optional<int> n) { use(n.value_or(0)); }));
      if (chosen == 0)
        return;
    }
  });
  worker.join();
}

void send_until_done_ok(const heddle::context &ctx, heddle::sender<int> numbers) {
  heddle::task worker = heddle::go([=] {
    const heddle::defer close([&] { numbers.close(); });
    for (int n = 0;; ++n) {
      if (!numbers.send(ctx, n))
        return;
    }
  });
  worker.join();
}

void bounded_ok(heddle::sender<int> numbers) {
  heddle::task worker = heddle::go([numbers] {
    for (int n = 0; n < 10; ++n)
      numbers.send(n);
  });
  worker.join();
}
