// RUN: %runtime_cxx -O1 -g -fsanitize=thread %s %tsan_runtime_lib -o %t && %t
// RUN: %runtime_cxx -O1 -gline-tables-only -fsanitize=address %s %asan_runtime_lib -o %t.asan && %t.asan
// Timers fire once, tickers until they are stopped, and neither gives a value of before.
#include "check.h"
#include "heddle/heddle.h"

#include <stdexcept>

using namespace std::chrono_literals;

static heddle::time_point now() { return std::chrono::steady_clock::now(); }

static void after_fires_once() {
  const heddle::time_point begin = now();
  const heddle::receiver<heddle::time_point> fired = heddle::after(5ms);
  const std::optional<heddle::time_point> at = fired.receive();
  CHECK(at >= begin + 5ms && *at <= now());
  CHECK(!fired.try_receive());
  CHECK(heddle::after(-1s).receive());
}

static void timer_stops_and_starts_again() {
  heddle::timer timer(1h);
  const auto fired = timer.fired();
  CHECK(timer.stop());
  CHECK(!timer.stop());
  timer.reset(1ms);
  CHECK(fired.receive());
  CHECK(!timer.stop());
  timer.reset(1ms);
  heddle::sleep_for(5ms);
  // It has fired, but after stop nobody receives that.
  CHECK(timer.stop());
  CHECK(!fired.try_receive());
  timer.reset(0ms);
  heddle::sleep_for(5ms);
  timer.reset(1h);
  CHECK(!fired.try_receive());
}

static void timeout_in_a_loop() {
  auto values = heddle::make_channel<int>();
  auto producer = heddle::go([values] {
    for (int i = 0; i < 5; ++i)
      values.send(i);
  });
  heddle::timer idle(1h);
  int received = 0;
  bool waiting = true;
  const auto take = [&](std::optional<int>) { idle.reset(++received < 5 ? 3600000ms : 1ms); };
  while (waiting)
    heddle::select(heddle::on_receive(values, take),
                   heddle::on_receive(idle.fired(), [&] { waiting = false; }));
  producer.join();
  CHECK(received == 5);
}

static void ticker_ticks() {
  const heddle::time_point begin = now();
  heddle::ticker ticker(4ms);
  heddle::time_point last = begin;
  for (int i = 1; i <= 4; ++i) {
    const heddle::time_point tick = *ticker.ticks().receive();
    CHECK(tick >= begin + i * 4ms);
    CHECK(tick > last);
    last = tick;
  }
  ticker.stop();
  CHECK(!ticker.ticks().try_receive());
  heddle::sleep_for(10ms);
  CHECK(!ticker.ticks().try_receive());
  ticker.reset(1ms);
  CHECK(ticker.ticks().receive());
}

static void slow_receiver_misses_ticks() {
  const heddle::time_point begin = now();
  heddle::ticker ticker(1ms);
  heddle::sleep_for(30ms);
  CHECK(ticker.ticks().receive());
  // Only one was kept: the next is a new one.
  CHECK(ticker.ticks().receive() >= begin + 30ms);
}

// A scope that ends stops its timers, whatever they are just doing.
static void end_of_scope() {
  heddle::receiver<heddle::time_point> ticks;
  {
    heddle::ticker ticker(1ms);
    ticks = ticker.ticks();
    CHECK(ticks.receive());
  }
  CHECK(!ticks.try_receive());
  heddle::wait_group group;
  for (int t = 0; t < 4; ++t)
    group.go([] {
      for (int i = 0; i < 20; ++i) {
        heddle::timer timer(std::chrono::microseconds(i * 50));
        heddle::ticker ticker(100us);
        if (i % 3 == 0)
          (void)timer.fired().receive();
        if (i % 3 == 1)
          timer.reset(50us);
        (void)ticker.ticks().receive();
      }
    });
  group.wait();
}

int main() {
  after_fires_once();
  for (int i = 0; i < 5; ++i)
    timer_stops_and_starts_again();
  timeout_in_a_loop();
  ticker_ticks();
  slow_receiver_misses_ticks();
  end_of_scope();
  CHECK(error_of<std::invalid_argument>([] { heddle::ticker never(0ms); }) ==
        "heddle: a ticker needs a positive period");
}
