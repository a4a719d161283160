// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Tasks and a thread do everything to the same few channels at once: send, receive, select, with
// and without contexts that are cancelled or run out, and in the end close beneath waiting senders.
// Every value that was sent is received once, and every task ends.
#include "check.h"
#include "heddle/heddle.h"

#include <array>
#include <atomic>
#include <memory>
#include <random>
#include <thread>

using namespace std::chrono_literals;

// Counts those that are alive; heap memory, for AddressSanitizer.
static std::atomic<int> alive = 0;
struct counted {
  counted() { ++alive; }
  ~counted() { --alive; }
  counted(const counted &) = delete;
  counted &operator=(const counted &) = delete;
};
using item = std::unique_ptr<counted>;

static std::atomic<long> sent = 0;
static std::atomic<long> received = 0;

struct scene {
  std::array<heddle::channel<item>, 3> channels{
      heddle::make_channel<item>(), heddle::make_channel<item>(1), heddle::make_channel<item>(8)};
};

static void take(std::optional<item> value) {
  if (!value)
    return;
  CHECK(*value != nullptr);
  ++received;
}

static void act(const scene &on, const heddle::context &ctx, std::mt19937 &random) {
  const auto any = [&](unsigned n) { return random() % n; };
  const heddle::channel<item> a = on.channels[any(3)];
  const heddle::channel<item> b = any(4) == 0 ? heddle::channel<item>() : on.channels[any(3)];
  switch (any(8)) {
  case 0: {
    item value = std::make_unique<counted>();
    const bool done = a.send(ctx, std::move(value));
    CHECK(done == (value == nullptr));
    sent += done ? 1 : 0;
    return;
  }
  case 1:
    take(a.receive(ctx));
    return;
  case 2:
    sent += a.try_send(std::make_unique<counted>()) ? 1 : 0;
    return;
  case 3:
    take(a.try_receive());
    return;
  case 4: {
    auto [limited, cancel] = heddle::with_timeout(ctx, std::chrono::microseconds(any(300)));
    heddle::defer d(cancel);
    take(b.receive(limited));
    return;
  }
  case 5: {
    heddle::timer timer(std::chrono::microseconds(any(300)));
    heddle::select(heddle::on_receive(a, take), heddle::on_receive(timer.fired(), [] {}),
                   heddle::on_receive(ctx.done(), [] {}));
    return;
  }
  case 6:
    heddle::select(heddle::on_send(a, std::make_unique<counted>(), [] { ++sent; }),
                   heddle::on_receive(b, take),
                   heddle::on_send(b, std::make_unique<counted>(), [] { ++sent; }),
                   heddle::on_receive(a, take), heddle::on_receive(ctx.done(), [] {}));
    return;
  default:
    heddle::select(heddle::on_receive(a, take), heddle::on_receive(b, take),
                   heddle::otherwise([] { heddle::yield(); }));
  }
}

static void play(unsigned seed) {
  const scene on;
  auto [ctx, cancel] = heddle::with_cancel(heddle::background());
  heddle::wait_group group;
  const auto act_often = [&on, ctx = ctx](unsigned own_seed) {
    std::mt19937 random(own_seed);
    try {
      for (int i = 0; i < 150 && !ctx.err(); ++i)
        act(on, ctx, random);
    } catch (const heddle::channel_error &error) {
      CHECK(error.what() == std::string("heddle: send on closed channel"));
    }
  };
  for (unsigned i = 0; i < 12; ++i)
    group.go([&, i] { act_often(seed * 100 + i); });
  std::thread outside(act_often, seed * 100 + 50);
  heddle::sleep_for(3ms);
  // Some wait in a send now, and fail.
  if (seed % 2 == 0)
    on.channels[seed / 2 % 3].close();
  heddle::sleep_for(1ms);
  cancel();
  group.wait();
  outside.join();
  for (const heddle::channel<item> &ch : on.channels)
    while (std::optional<item> left = ch.try_receive())
      take(std::move(left));
  CHECK(received == sent);
}

int main() {
  for (unsigned seed = 0; seed < 20; ++seed) {
    play(seed);
    CHECK(alive == 0);
  }
  CHECK(heddle::leak_check(10s).empty());
}
