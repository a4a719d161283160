// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// A full queue blocks, or drops the newest, or the oldest; as was said.
#include "check.h"
#include "heddle/heddle.h"

#include <memory>
#include <stdexcept>

using heddle::overflow;

static void blocks() {
  heddle::queue<int> queue(2);
  const heddle::context ctx = heddle::background();
  auto producer = heddle::go([&] {
    for (int i = 0; i < 50; ++i)
      CHECK(queue.push(ctx, i));
    queue.close();
  });
  int next = 0;
  for (int value : queue.out())
    CHECK(value == next++);
  CHECK(next == 50 && queue.dropped() == 0);
  producer.join();
  CHECK(error_of<heddle::channel_error>([&] { queue.push(ctx, 1); }) ==
        "heddle: send on closed channel");

  heddle::queue<int> full(1);
  CHECK(full.push(ctx, 1));
  auto [soon, cancel] = heddle::with_timeout(ctx, std::chrono::milliseconds(1));
  heddle::defer d(cancel);
  CHECK(!full.push(soon, 2));
}

static void drops() {
  const heddle::context ctx = heddle::background();
  heddle::queue<std::unique_ptr<int>> newest(2, overflow::drop_newest);
  heddle::queue<std::unique_ptr<int>> oldest(2, overflow::drop_oldest);
  for (int i = 1; i <= 5; ++i) {
    CHECK(newest.push(ctx, std::make_unique<int>(i)) == (i <= 2));
    CHECK(oldest.push(ctx, std::make_unique<int>(i)));
  }
  CHECK(newest.dropped() == 3 && oldest.dropped() == 3);
  newest.close();
  oldest.close();
  int next = 1;
  for (auto value : newest.out())
    CHECK(*value == next++);
  CHECK(next == 3);
  next = 4;
  for (auto value : oldest.out())
    CHECK(*value == next++);
  CHECK(next == 6);
}

static void stress() {
  const heddle::context ctx = heddle::background();
  heddle::queue<int> queue(3, overflow::drop_oldest);
  heddle::wait_group producers;
  for (int t = 0; t < 4; ++t)
    producers.go([&] {
      for (int i = 0; i < 200; ++i)
        CHECK(queue.push(ctx, i));
    });
  std::size_t received = 0;
  auto consumer = heddle::go([&] {
    for ([[maybe_unused]] int value : queue.out())
      ++received;
  });
  producers.wait();
  queue.close();
  consumer.join();
  CHECK(received + queue.dropped() == 800);
}

int main() {
  blocks();
  drops();
  stress();
  CHECK(error_of<std::invalid_argument>([] { heddle::queue<int> none(0); }) ==
        "heddle: a queue needs room for one");
}
