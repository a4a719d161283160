// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// Every subscriber gets every value while its context lives, and a slow one holds nobody up.
#include "check.h"
#include "heddle/heddle.h"

using heddle::overflow;

static void everybody_gets_everything() {
  heddle::topic<int> topic;
  const heddle::context ctx = heddle::background();
  CHECK(topic.publish(ctx, 0) == 0);
  heddle::wait_group group;
  for (int s = 0; s < 3; ++s) {
    auto values = topic.subscribe(ctx, 1, overflow::block);
    group.go([values] {
      int next = 1;
      for (int value : values)
        CHECK(value == next++);
      CHECK(next == 51);
    });
  }
  for (int i = 1; i <= 50; ++i)
    CHECK(topic.publish(ctx, i) == 3);
  topic.close();
  group.wait();
  topic.close();
  CHECK(!topic.subscribe(ctx).receive());
  CHECK(topic.publish(ctx, 1) == 0);
}

static void slow_subscriber() {
  heddle::topic<int> topic;
  const heddle::context ctx = heddle::background();
  auto latest = topic.subscribe(ctx);
  auto first = topic.subscribe(ctx, 1, overflow::drop_newest);
  for (int i = 1; i <= 10; ++i)
    CHECK(topic.publish(ctx, i) == (i == 1 ? 2 : 1));
  CHECK(latest.receive() == 10 && first.receive() == 1);
  CHECK(topic.dropped() == 18);
}

static void subscription_ends_with_its_context() {
  heddle::topic<int> topic;
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  auto gone = topic.subscribe(ctx, 1, overflow::block);
  auto stays = topic.subscribe(heddle::background(), 4, overflow::block);
  CHECK(topic.publish(heddle::background(), 1) == 2);
  // The next would wait for the one that does not receive; its context ends that.
  auto publisher = heddle::go([&] { CHECK(topic.publish(heddle::background(), 2) == 1); });
  cancel();
  publisher.join();
  CHECK(topic.publish(heddle::background(), 3) == 1);
  for (int i = 1; i <= 3; ++i)
    CHECK(stays.receive() == i);
}

static void publisher_gives_up() {
  heddle::topic<int> topic;
  auto full = topic.subscribe(heddle::background(), 1, overflow::block);
  CHECK(topic.publish(heddle::background(), 1) == 1);
  auto [soon, cancel] = heddle::with_timeout(heddle::background(), std::chrono::milliseconds(1));
  heddle::defer d(cancel);
  CHECK(topic.publish(soon, 2) == 0);
}

static void stress() {
  heddle::topic<int> topic;
  const heddle::context root = heddle::background();
  heddle::wait_group group;
  for (int t = 0; t < 4; ++t) {
    group.go([&] {
      for (int i = 0; i < 100; ++i)
        topic.publish(root, i);
    });
    group.go([&] {
      for (int i = 0; i < 50; ++i) {
        auto [ctx, cancel] = heddle::with_cancel(root);
        heddle::defer d(cancel);
        auto values = topic.subscribe(ctx, 2);
        (void)values.try_receive();
      }
    });
  }
  group.wait();
  CHECK(topic.publish(root, 1) == 0);
}

int main() {
  everybody_gets_everything();
  slow_subscriber();
  for (int i = 0; i < 20; ++i)
    subscription_ends_with_its_context();
  publisher_gives_up();
  stress();
}
